// Ads that several sources tell of, and what this one says otherwise than the graph
// :param rows => []
// :param source => ''
MATCH (source:Source {id: $source})
UNWIND $rows AS row
MATCH (node:Ad {key: row.key})
MERGE (node)-[told:LOADED_FROM]->(source)
SET told = coalesce(row.properties, {})
