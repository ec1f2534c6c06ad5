// Sources that are about to be written
// :param sources => []
// :param loading => ''
UNWIND $sources AS id
MERGE (source:Source {id: id})
ON CREATE SET source.sequence = 0
SET source.loading = $loading
