// Who is a member of which Group
// :param rows => []
UNWIND $rows AS row
MATCH (source:Asset {key: row.source})
MATCH (target:Asset {key: row.target})
MERGE (source)-[tie:MEMBER_OF]->(target)
SET tie += coalesce(row.properties, {})
