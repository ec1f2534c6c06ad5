// Groups in which its accounts meet
// Groups by how many of an operation's accounts are members, and who runs them.
// :param operation => ''
// :param at_least => 2
// :param limit => 200
MATCH (o:Operation)
WHERE o.id = $operation OR ($operation = '' AND o.rank = 1 AND NOT coalesce(o.candidate, false))
MATCH (o)<-[:PART_OF]-(a:Account)-[:MEMBER_OF]->(g:Group)
WITH o, g, count(DISTINCT a) AS accounts
WHERE accounts >= $at_least
RETURN o.id AS operation, coalesce(g.name, g.key) AS group_name, g.key AS group_key, accounts, g.members AS members,
       EXISTS { (g)-[:PART_OF]->(o) } AS is_part_of_it,
       COLLECT { MATCH (admin:Account)-[:ADMINISTERS]->(g) RETURN coalesce(admin.name, admin.key) ORDER BY admin.key LIMIT 10
       } AS administrators
ORDER BY accounts DESC, group_key
LIMIT toInteger($limit)
