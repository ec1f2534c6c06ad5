// Remove coordinated edges that earlier runs left
// Run again until nothing is left: one statement for a million edges would need the memory for all of them.
// :param run => ''
// :param limit => 50000
MATCH ()-[edge:COORDINATED]->()
WHERE edge.run <> $run
WITH edge LIMIT $limit
DELETE edge
