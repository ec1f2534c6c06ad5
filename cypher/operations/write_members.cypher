// Write who is part of which operation
// :param rows => []
// :param run => ''
UNWIND $rows AS row
MATCH (asset:Asset {key: row.asset})
MATCH (operation:Operation {id: row.operation})
MERGE (asset)-[part:PART_OF]->(operation)
SET part.role = row.role, part.confidence = row.confidence, part.why = row.why, part.run = $run
