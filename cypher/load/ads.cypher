// Ads that one source tells of, and that the graph has not had before
// A row is the properties by name.
// :param rows => []
// :param source => ''
MATCH (source:Source {id: $source})
UNWIND $rows AS row
MERGE (ad:Ad {key: row.key})
SET ad += row
MERGE (ad)-[:LOADED_FROM]->(source)
