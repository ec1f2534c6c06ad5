// Who is part of an operation?
// Members with their role, surest first. Leave the operation empty for the one ranked first.
// :param operation => ''
// :param limit => 200
MATCH (o:Operation)
WHERE o.id = $operation OR ($operation = '' AND o.rank = 1 AND NOT coalesce(o.candidate, false))
MATCH (a:Asset)-[part:PART_OF]->(o)
RETURN o.id AS operation, part.role AS role, a.key AS asset, a.name AS name, a.followers AS followers,
       a.created_at AS created_at, round(part.confidence, 2) AS confidence, part.why AS why
ORDER BY coalesce(part.confidence, 0) DESC, role, asset
LIMIT toInteger($limit)
