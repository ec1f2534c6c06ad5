// Who likes, follows or befriends whom
// The type is one of the three that the loader knows, never a value from a file.
// :param rows => []
// :param type => 'LIKES'
UNWIND $rows AS row
MATCH (source:Asset {key: row.source})
MATCH (target:Asset {key: row.target})
MERGE (source)-[link:$($type)]->(target)
SET link += coalesce(row.properties, {})
