// Who cheers for its Pages?
// Accounts that like or follow several Pages of an operation, and whether they are part of it.
// :param operation => ''
// :param at_least => 2
// :param limit => 200
MATCH (o:Operation)
WHERE o.id = $operation OR ($operation = '' AND o.rank = 1 AND NOT coalesce(o.candidate, false))
MATCH (o)<-[:PART_OF]-(page:Page)<-[:LIKES|FOLLOWS]-(fan:Asset)
WITH o, fan, count(DISTINCT page) AS pages
WHERE pages >= $at_least
RETURN o.id AS operation, coalesce(fan.name, fan.key) AS fan, fan.key AS fan_key, pages,
       COUNT { (fan)-[:LIKES|FOLLOWS]->(:Page) } AS pages_in_all, EXISTS { (fan)-[:PART_OF]->(o) } AS is_part_of_it
ORDER BY pages DESC, fan_key
LIMIT toInteger($limit)
