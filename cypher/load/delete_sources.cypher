// Sources that were taken back
// :param sources => []
MATCH (source:Source) WHERE source.id IN $sources
DETACH DELETE source
