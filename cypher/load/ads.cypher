// Ads and who ran them: a Page, on Instagram an account
// An ad that a corrected file gives to another, or a row without a runner to nobody, leaves the first.
// :param rows => []
// :param source => ''
MATCH (source:Source {id: $source})
UNWIND $rows AS row
MERGE (ad:Ad {key: row.properties.key})
SET ad += row.properties
MERGE (ad)-[:LOADED_FROM]->(source)
WITH ad, row
CALL (ad, row) {
  MATCH (other)-[wrong:RAN]->(ad)
  WHERE row.runner IS NULL OR other.key <> row.runner
  DELETE wrong
}
WITH ad, row WHERE row.runner IS NOT NULL
MATCH (runner:Asset {key: row.runner})
MERGE (runner)-[:RAN]->(ad)
