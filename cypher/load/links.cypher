// Who likes, follows or befriends whom
// The type is one of the three that the loader knows, never a value from a file. A row without sources is said by
// those given for all.
// :param rows => []
// :param sources => []
// :param type => 'LIKES'
UNWIND $rows AS row
MATCH (source:Asset {key: row.source})
MATCH (target:Asset {key: row.target})
MERGE (source)-[tie:$($type)]->(target)
SET tie = coalesce(row.properties, {}), tie.sources = coalesce(row.sources, $sources)
