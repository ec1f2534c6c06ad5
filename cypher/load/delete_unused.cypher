// Identifiers and payers that nothing is tied to any more
// :param rows => []
UNWIND $rows AS row
MATCH (node:Identifier|Payer {key: row.target})
WHERE NOT EXISTS { (node)<-[:USES|PAID_FOR_BY]-() }
DELETE node
