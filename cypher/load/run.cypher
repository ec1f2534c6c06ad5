// What a run is: command, times, versions, settings, inputs
// :param run => ''
// :param properties => {}
MERGE (run:Run {id: $run})
SET run += $properties
