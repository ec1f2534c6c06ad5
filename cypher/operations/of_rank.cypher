// The operation that has a rank
// :param rank => 1
MATCH (operation:Operation {rank: $rank})
RETURN operation.id AS operation
