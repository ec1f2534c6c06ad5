// A source whose tables are about to be written
// :param source => ''
// :param run => ''
MERGE (source:Source {id: $source})
SET source.run = $run
