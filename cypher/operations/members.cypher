// Members of the operations of the run before
MATCH (asset:Asset)-[:PART_OF]->(operation:Operation)
RETURN asset.key AS asset, operation.id AS operation
ORDER BY operation, asset
