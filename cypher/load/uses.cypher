// Which assets use which identifiers
// A row without sources is said by those given for all.
// :param rows => []
// :param sources => []
UNWIND $rows AS row
MATCH (source:Asset {key: row.source})
MATCH (target:Identifier {key: row.target})
MERGE (source)-[tie:USES]->(target)
SET tie = coalesce(row.properties, {}), tie.sources = coalesce(row.sources, $sources)
