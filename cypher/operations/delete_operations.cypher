// Remove operations that this run did not find again
// Those that people decided on stay, marked as gone, since decisions are never lost.
// :param run => ''
MATCH (operation:Operation)
WHERE operation.run <> $run AND operation.status <> 'gone'
CALL (operation) {
  WITH operation
  WHERE EXISTS { (:Decision)-[:DECIDED]->(operation) }
  SET operation.status = 'gone', operation.candidate = true
UNION
  WITH operation
  WHERE NOT EXISTS { (:Decision)-[:DECIDED]->(operation) }
  DETACH DELETE operation
}
