// Ads as all their sources together tell of them
// A row is the properties by name; a null takes away what nobody says any more.
// :param rows => []
UNWIND $rows AS row
MERGE (ad:Ad {key: row.key})
SET ad += row
