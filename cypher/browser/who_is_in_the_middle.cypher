// Who stands in the middle?
// Members by the ties that they have to other members: administrators first, then whoever coordinates with many.
// Pull them out in thought: what would still hold together?
// :param operation => ''
// :param limit => 200
MATCH (o:Operation)
WHERE o.id = $operation OR ($operation = '' AND o.rank = 1 AND NOT coalesce(o.candidate, false))
MATCH (a:Asset)-[part:PART_OF]->(o)
WITH o, a, part, COUNT { (a)-[:ADMINISTERS]->(:Asset)-[:PART_OF]->(o) } AS runs,
     COUNT { (a)-[:COORDINATED]-(:Asset)-[:PART_OF]->(o) } AS edges
WHERE runs + edges > 0
RETURN o.id AS operation, coalesce(a.name, a.key) AS name, a.key AS asset, part.role AS role, runs, edges,
       a.country AS country, a.created_at AS created_at
ORDER BY runs DESC, edges DESC, asset
LIMIT toInteger($limit)
