// Who administers what
// :param rows => []
UNWIND $rows AS row
MATCH (source:Asset {key: row.source})
MATCH (target:Asset {key: row.target})
MERGE (source)-[tie:ADMINISTERS]->(target)
SET tie += coalesce(row.properties, {})
