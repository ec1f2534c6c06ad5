// Who is a member of which Group
// A row without sources is said by those given for all.
// :param rows => []
// :param sources => []
UNWIND $rows AS row
MATCH (source:Asset {key: row.source})
MATCH (target:Asset {key: row.target})
MERGE (source)-[tie:MEMBER_OF]->(target)
SET tie = coalesce(row.properties, {}), tie.sources = coalesce(row.sources, $sources)
