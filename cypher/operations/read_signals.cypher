// Signals of operations
// :param operations => []
MATCH (o:Operation)-[:SHOWS]->(s:Signal)
WHERE o.id IN $operations
RETURN o.id AS operation_id, s.name AS signal, s.value AS value, s.background AS background, s.bits AS bits, s.why AS why
