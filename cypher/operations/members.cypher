// Members of the operations of the run before
MATCH (asset:Asset)-[part:PART_OF]->(operation:Operation)
RETURN asset.key AS asset, operation.id AS operation, part.role AS role
ORDER BY operation, asset
