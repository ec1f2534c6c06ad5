// Coordinated edges that tie an asset to itself or run from the larger key to the smaller
MATCH (source:Asset)-[edge:COORDINATED]->(target:Asset)
WHERE source.key >= target.key
RETURN source.key AS source, target.key AS target, edge.layer AS layer
