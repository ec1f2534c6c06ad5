// Who acts together, drawn
// The strongest coordinated edges between members of an operation, in one layer or in all.
// :param operation => ''
// :param layer => ''
// :param limit => 200
MATCH (o:Operation)
WHERE o.id = $operation OR ($operation = '' AND o.rank = 1 AND NOT coalesce(o.candidate, false))
MATCH (o)<-[:PART_OF]-(a:Asset)-[edge:COORDINATED]->(b:Asset)
WHERE ($layer = '' OR edge.layer = $layer) AND EXISTS { (b)-[:PART_OF]->(o) }
RETURN a, edge, b
ORDER BY coalesce(edge.strength, 0) DESC, a.key, b.key
LIMIT toInteger($limit)
