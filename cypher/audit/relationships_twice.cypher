// Relationships that are there twice
MATCH (source)-[tie]->(target)
WHERE NOT type(tie) IN ['SHARES', 'PUBLISHED']
WITH source, target, type(tie) AS type, tie.layer AS layer, tie.as AS role, count(*) AS times
WHERE times > 1
RETURN coalesce(source.key, source.id) AS source, type, coalesce(target.key, target.id) AS target, layer, role, times
