// Remove the coordinated edges of earlier runs
// Run in transactions of its own, so that a million edges do not need the memory for one.
// :param run => ''
MATCH ()-[edge:COORDINATED]->()
WHERE edge.run <> $run
CALL (edge) { DELETE edge } IN TRANSACTIONS OF 20000 ROWS
