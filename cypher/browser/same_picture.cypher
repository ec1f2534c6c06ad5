// Same picture, different persona
// Accounts and Pages that show the same profile picture, by its hash.
// :param at_least => 2
// :param limit => 200
MATCH (a:Asset)
WHERE a.profile_image_hash IS NOT NULL
WITH a.profile_image_hash AS picture, collect(a) AS assets
WHERE size(assets) >= $at_least
RETURN picture, size(assets) AS assets, [a IN assets | coalesce(a.name, a.key)][0..10] AS personas,
       [a IN assets | a.key][0..10] AS keys,
       COLLECT { UNWIND assets AS a MATCH (a)-[:PART_OF]->(o:Operation) RETURN DISTINCT o.id ORDER BY o.id } AS operations
ORDER BY assets DESC, picture
LIMIT toInteger($limit)
