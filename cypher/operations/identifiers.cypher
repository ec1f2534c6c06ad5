// Which assets use which identifiers
MATCH (asset:Asset)-[:USES]->(value:Identifier)
RETURN DISTINCT asset.key AS asset, value.key AS identifier, value.kind AS kind
ORDER BY asset, identifier
