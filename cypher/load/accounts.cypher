// Accounts that one source tells of, and that the graph has not had before
// A row is the properties by name.
// :param rows => []
// :param source => ''
MATCH (source:Source {id: $source})
UNWIND $rows AS row
MERGE (asset:Asset {key: row.key})
SET asset:Account, asset += row
MERGE (asset)-[:LOADED_FROM]->(source)
