// Strongest coordinated edges
// Pairs that act together far more than chance allows, in one layer or in all. q is the false-discovery rate.
// :param layer => ''
// :param limit => 200
MATCH (a:Asset)-[edge:COORDINATED]->(b:Asset)
WHERE $layer = '' OR edge.layer = $layer
RETURN coalesce(a.name, a.key) AS first, coalesce(b.name, b.key) AS second, edge.layer AS layer, edge.weight AS weight,
       round(edge.expected, 3) AS expected, edge.q_value AS q_value, edge.first_at AS first_at, edge.last_at AS last_at
ORDER BY coalesce(edge.strength, 0) DESC, first, second
LIMIT toInteger($limit)
