// Remove signals that earlier runs left
// :param run => ''
// :param limit => 50000
MATCH (signal:Signal)
WHERE signal.run <> $run
WITH signal LIMIT $limit
DETACH DELETE signal
