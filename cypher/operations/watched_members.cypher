// Watched members of operations
// :param operations => []
MATCH (:Watchlist)-[:WATCHES]->(asset:Asset)-[:PART_OF]->(operation:Operation)
WHERE operation.id IN $operations
RETURN operation.id AS operation, asset.key AS asset
ORDER BY operation, asset
