// Who paid for ads, and on whose behalf
// A row without a payer says that the ad has none any more.
// :param rows => []
UNWIND $rows AS row
MATCH (ad:Ad {key: row.ad})
CALL (row, ad) {
  MATCH (ad)-[wrong:PAID_FOR_BY {as: row.as}]->(other:Payer)
  WHERE row.payer IS NULL OR other.key <> row.payer
  DELETE wrong
}
WITH row, ad WHERE row.payer IS NOT NULL
MERGE (payer:Payer {key: row.payer})
ON CREATE SET payer.name = row.name
MERGE (ad)-[:PAID_FOR_BY {as: row.as}]->(payer)
