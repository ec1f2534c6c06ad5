// Who ran which ad: a Page, on Instagram an account
// A row without sources is said by those given for all.
// :param rows => []
// :param sources => []
UNWIND $rows AS row
MATCH (source:Asset {key: row.source})
MATCH (target:Ad {key: row.target})
MERGE (source)-[tie:RAN]->(target)
SET tie.sources = coalesce(row.sources, $sources)
