// One administrator, many Pages
// Accounts that run the most Pages and Groups: operators, and agencies. Look at what they run together.
// :param at_least => 2
// :param limit => 200
MATCH (admin:Account)-[:ADMINISTERS]->(asset:Asset)
WITH admin, collect(coalesce(asset.name, asset.key)) AS runs
WHERE size(runs) >= $at_least
RETURN admin.key AS admin, admin.name AS name, admin.country AS country, admin.created_at AS created_at,
       size(runs) AS number, runs[0..10] AS first_ten
ORDER BY number DESC, admin
LIMIT toInteger($limit)
