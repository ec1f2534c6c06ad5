// Made on one day
// Days on which more accounts and Pages of one operation were made than usual: accounts are set up in batches.
// :param operation => ''
// :param at_least => 2
// :param limit => 200
MATCH (o:Operation)
WHERE o.id = $operation OR ($operation = '' AND o.rank = 1 AND NOT coalesce(o.candidate, false))
MATCH (a:Asset)-[:PART_OF]->(o)
WHERE a.created_at IS NOT NULL
WITH o, date(a.created_at) AS day, a.kind AS kind, collect(coalesce(a.name, a.key)) AS assets
WHERE size(assets) >= $at_least
RETURN o.id AS operation, day, kind, size(assets) AS made, assets[0..10] AS first_ten
ORDER BY made DESC, day, kind
LIMIT toInteger($limit)
