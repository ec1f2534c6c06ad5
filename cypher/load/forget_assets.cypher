// Assets that a source tells of no more; they go if no other does
// :param rows => []
// :param source => ''
UNWIND $rows AS row
MATCH (node:Asset {key: row.key})
OPTIONAL MATCH (node)-[told:LOADED_FROM]->(:Source {id: $source})
DELETE told
WITH node WHERE NOT EXISTS { (node)-[:LOADED_FROM]->() }
DETACH DELETE node
