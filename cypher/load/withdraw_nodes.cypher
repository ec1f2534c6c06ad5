// What a source told of assets and ads, a part of it
// For a source of which nobody knows what it said: all sources are written again.
// :param source => ''
// :param limit => 10000
MATCH (:Source {id: $source})<-[told:LOADED_FROM]-(node)
WITH told, node LIMIT $limit
SET node = {key: node.key}
DELETE told
