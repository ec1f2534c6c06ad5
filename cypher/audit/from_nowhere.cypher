// Assets and ads that no source accounts for
MATCH (node:Asset|Ad)
WHERE NOT EXISTS { (node)-[:LOADED_FROM]->(:Source) }
RETURN node.key AS key
