// Find an asset or payer by name
// Full-text search over names and handles; understands *, ~ and quotes.
// :param text => 'politics'
// :param limit => 200
CALL db.index.fulltext.queryNodes('names', $text, {limit: $limit}) YIELD node, score
RETURN node.name AS name, node.handle AS handle, node.key AS key, labels(node) AS labels,
       COLLECT { MATCH (node)-[:PART_OF]->(o:Operation) RETURN o.id ORDER BY o.id } AS operations, round(score, 2) AS score
ORDER BY score DESC, key
