// Write operations, each replacing what an earlier run said of it
// :param rows => []
// :param run => ''
UNWIND $rows AS row
MERGE (operation:Operation {id: row.id})
SET operation = row
WITH operation
MERGE (run:Run {id: $run})
MERGE (run)-[:PRODUCED]->(operation)
