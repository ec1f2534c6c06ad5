// Same words about themselves
// Accounts whose bio, or Pages whose description, is the same to the letter.
// :param at_least => 2
// :param limit => 200
MATCH (a:Asset)
WITH a, coalesce(a.bio, a.about) AS words
WHERE size(words) > 10
WITH words, collect(a) AS assets
WHERE size(assets) >= $at_least
RETURN words, size(assets) AS assets, [a IN assets | coalesce(a.name, a.key)][0..10] AS personas,
       COLLECT { UNWIND assets AS a MATCH (a)-[:PART_OF]->(o:Operation) RETURN DISTINCT o.id ORDER BY o.id } AS operations
ORDER BY assets DESC, words
LIMIT toInteger($limit)
