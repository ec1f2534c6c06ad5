// How Pages were created, renamed and merged, ordered by time
// :param rows => []
UNWIND $rows AS row
MATCH (page:Asset {key: row.key})
SET page.history_events = row.events, page.history_at = row.times, page.history_names = row.names
