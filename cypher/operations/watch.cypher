// Mark assets as watched, those that are there
// :param rows => []
UNWIND $rows AS row
MATCH (asset:Asset {key: row.asset})
MERGE (list:Watchlist {id: 'watchlist'})
MERGE (list)-[watches:WATCHES]->(asset)
SET watches.note = row.note, watches.source = row.source, watches.since = row.since
