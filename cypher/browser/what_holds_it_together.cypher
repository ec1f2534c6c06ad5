// What holds it together?
// Coordinated edges between its members, layer by layer: pairs, members touched, the surest q-value, first and last time.
// :param operation => ''
MATCH (o:Operation)
WHERE o.id = $operation OR ($operation = '' AND o.rank = 1 AND NOT coalesce(o.candidate, false))
MATCH (o)<-[:PART_OF]-(a:Asset)-[edge:COORDINATED]->(b:Asset)
WHERE EXISTS { (b)-[:PART_OF]->(o) }
WITH o, edge.layer AS layer, count(*) AS pairs, collect(a.key) + collect(b.key) AS ends, sum(edge.weight) AS weight,
     min(edge.q_value) AS surest, min(edge.first_at) AS first_at, max(edge.last_at) AS last_at
RETURN o.id AS operation, layer, pairs, COUNT { UNWIND ends AS end RETURN DISTINCT end } AS members, weight,
       surest AS surest_q_value, first_at, last_at
ORDER BY pairs DESC, layer
