// Why is this an operation?
// Its signals with the bits that each adds; the score is their sum. Empty: the operation ranked first.
// :param operation => ''
MATCH (o:Operation)
WHERE o.id = $operation OR ($operation = '' AND o.rank = 1 AND NOT coalesce(o.candidate, false))
MATCH (o)-[:SHOWS]->(s:Signal)
RETURN o.id AS operation, s.name AS signal, s.value AS value, s.background AS background,
       round(s.bits, 2) AS bits, s.why AS why
ORDER BY coalesce(s.bits, 0) DESC, signal
