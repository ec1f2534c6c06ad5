// Operations as decisions look at them
// :param operations => []
MATCH (operation:Operation)
WHERE operation.id IN $operations
RETURN operation.id AS operation, operation.score AS score, operation.status AS status, operation.run AS run
