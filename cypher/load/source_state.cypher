// What the graph knows of a source
// Nothing if the source was never loaded; a load that did not end well leaves no hash.
// :param source => ''
MATCH (source:Source {id: $source})
WHERE source.sha256 IS NOT NULL
RETURN source.sha256 AS sha256, source.profile AS profile, source.version AS version, source.tables AS tables
