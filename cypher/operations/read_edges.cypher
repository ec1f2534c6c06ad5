// Coordinated edges inside operations
// :param operations => []
MATCH (o:Operation)
WHERE o.id IN $operations
MATCH (o)<-[:PART_OF]-(a:Asset)-[c:COORDINATED]->(b:Asset)-[:PART_OF]->(o)
RETURN o.id AS operation_id, a.platform AS source_platform, a.kind AS source_kind, a.id AS source_id,
       b.platform AS target_platform, b.kind AS target_kind, b.id AS target_id, c.layer AS layer, c.weight AS weight,
       c.expected AS expected, c.p_value AS p_value, c.q_value AS q_value, c.first_at AS first_at, c.last_at AS last_at,
       a.key AS source_key, b.key AS target_key
