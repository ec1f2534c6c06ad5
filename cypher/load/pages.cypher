// Pages as a table describes them
// A row is the properties by name; a null takes away what an earlier version of the file said.
// :param rows => []
// :param source => ''
MATCH (source:Source {id: $source})
UNWIND $rows AS row
MERGE (asset:Asset {key: row.key})
SET asset:Page, asset += row
MERGE (asset)-[:LOADED_FROM]->(source)
