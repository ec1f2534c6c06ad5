// Ties that no source tells of any more
// The type is one that the loader knows, never a value from a file.
// :param rows => []
// :param type => 'ADMINISTERS'
UNWIND $rows AS row
MATCH (source:Asset|Ad {key: row.source})-[tie:$($type)]->(target)
WHERE target.key = row.target AND (row.as IS NULL OR tie.as = row.as)
DELETE tie
