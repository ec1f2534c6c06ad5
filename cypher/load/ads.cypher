// Ads and the Pages that ran them
// An ad that a corrected file gives to another Page leaves the first.
// :param rows => []
// :param source => ''
MATCH (source:Source {id: $source})
UNWIND $rows AS row
MATCH (page:Asset {key: row.page})
MERGE (ad:Ad {key: row.properties.key})
SET ad += row.properties
MERGE (page)-[:RAN]->(ad)
MERGE (ad)-[:LOADED_FROM]->(source)
WITH page, ad
MATCH (other)-[wrong:RAN]->(ad)
WHERE other <> page
DELETE wrong
