// Who paid for which ad, and on whose behalf
// A row without sources is said by those given for all.
// :param rows => []
// :param sources => []
UNWIND $rows AS row
MATCH (source:Ad {key: row.source})
MATCH (target:Payer {key: row.target})
MERGE (source)-[tie:PAID_FOR_BY {as: row.as}]->(target)
SET tie.sources = coalesce(row.sources, $sources)
