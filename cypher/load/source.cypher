// What became of a source, and in which run
// :param source => ''
// :param properties => {}
// :param run => ''
MERGE (source:Source {id: $source})
SET source += $properties, source.run = $run
MERGE (run:Run {id: $run})
