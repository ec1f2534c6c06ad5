// Accounts, Pages or Groups as all their sources together tell of them
// A row is the properties by name; a null takes away what nobody says any more, and leaves alone what is not of loading.
// :param rows => []
// :param label => 'Account'
UNWIND $rows AS row
MERGE (asset:Asset {key: row.key})
SET asset:$($label), asset += row
