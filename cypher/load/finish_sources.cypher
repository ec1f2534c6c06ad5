// What became of sources, and in which run; all at once
// :param rows => []
// :param run => ''
MERGE (run:Run {id: $run})
WITH run
UNWIND $rows AS row
MERGE (source:Source {id: row.source})
SET source += row.properties, source.run = run.id
