// Ties that a source told of, a part of them
// For a source of which nobody knows what it said: what still holds is written again.
// :param source => ''
// :param limit => 10000
MATCH (:Source {id: $source})<-[:LOADED_FROM]-(node)-[tie]->()
WHERE $source IN tie.sources
WITH DISTINCT tie LIMIT $limit
DELETE tie
