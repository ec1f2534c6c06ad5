// Which version of each source the graph follows
// A source that is being written has the mark of that writing; one that was cut short keeps it.
MATCH (source:Source)
RETURN source.id AS source, source.sequence AS sequence, source.loading AS loading
