// Same phone or device, drawn
// Members of an operation that use the same device, payment, phone or mail, with everyone else who uses it.
// :param operation => ''
// :param kinds => ['device', 'payment', 'phone', 'email']
// :param at_least => 2
// :param limit => 200
MATCH (o:Operation)
WHERE o.id = $operation OR ($operation = '' AND o.rank = 1 AND NOT coalesce(o.candidate, false))
MATCH (o)<-[:PART_OF]-(:Asset)-[:USES]->(identifier:Identifier)
WHERE identifier.kind IN $kinds
WITH DISTINCT identifier
MATCH drawn = (identifier)<-[:USES]-(:Asset)
WITH identifier, collect(drawn) AS uses
WHERE size(uses) >= $at_least
UNWIND uses AS drawn
RETURN drawn
LIMIT toInteger($limit)
