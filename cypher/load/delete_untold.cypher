// Assets and ads that no source tells of, a part of them
// :param limit => 10000
MATCH (node:Asset|Ad)
WHERE NOT EXISTS { (node)-[:LOADED_FROM]->() }
WITH node LIMIT $limit
DETACH DELETE node
