// Coordinated edges with values that cannot be
MATCH (source:Asset)-[edge:COORDINATED]->(target:Asset)
WHERE edge.layer IS NULL OR edge.weight IS NULL OR edge.weight <= 0
   OR NOT 0 <= edge.p_value <= 1 OR NOT 0 <= edge.q_value <= 1
   OR edge.first_at > edge.last_at
RETURN source.key AS source, target.key AS target, properties(edge) AS edge
