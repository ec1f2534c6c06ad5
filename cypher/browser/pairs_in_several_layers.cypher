// Pairs that do more than one thing together
// Pairs that several layers join: harder to explain by one shared interest than a pair in one layer.
// :param operation => ''
// :param at_least => 2
// :param limit => 200
MATCH (o:Operation)
WHERE o.id = $operation OR ($operation = '' AND o.rank = 1 AND NOT coalesce(o.candidate, false))
MATCH (o)<-[:PART_OF]-(a:Asset)-[edge:COORDINATED]->(b:Asset)
WITH o, a, b, collect(edge.layer) AS layers, sum(edge.weight) AS weight, min(edge.q_value) AS surest
WHERE size(layers) >= $at_least
RETURN o.id AS operation, coalesce(a.name, a.key) AS first, a.key AS first_key, coalesce(b.name, b.key) AS second,
       b.key AS second_key, layers, weight, surest AS surest_q_value
ORDER BY size(layers) DESC, surest, first_key, second_key
LIMIT toInteger($limit)
