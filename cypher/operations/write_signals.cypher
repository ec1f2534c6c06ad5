// Write the signals of operations
// :param rows => []
// :param run => ''
UNWIND $rows AS row
MATCH (operation:Operation {id: row.operation})
MERGE (signal:Signal {id: row.id})
SET signal.name = row.name, signal.value = row.value, signal.background = row.background, signal.bits = row.bits,
    signal.why = row.why, signal.place = row.place, signal.run = $run
MERGE (operation)-[:SHOWS]->(signal)
