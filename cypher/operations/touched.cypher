// Operations that touch a watched asset: it is a member, or coordinates with, administers or is run by one
MATCH (:Watchlist)-[watches:WATCHES]->(asset:Asset)
CALL (asset) {
  MATCH (asset)-[:PART_OF]->(operation:Operation)
  RETURN operation, true AS member
UNION
  MATCH (asset)-[:COORDINATED|ADMINISTERS]-(:Asset)-[:PART_OF]->(operation:Operation)
  WHERE NOT EXISTS { (asset)-[:PART_OF]->(operation) }
  RETURN DISTINCT operation, false AS member
}
RETURN operation.id AS operation, asset.key AS asset, asset.name AS name, watches.note AS note, member
