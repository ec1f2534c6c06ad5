// What do two operations have in common?
// Pairs of operations by the identifiers, payers, administrators, friendships and coordinated edges between them. Two cells
// of one operation look like this; so do two customers of one agency.
// :param operation => ''
// :param limit => 200
MATCH (o:Operation)<-[:PART_OF]-(a:Asset)
WHERE ($operation = '' OR o.id = $operation) AND NOT coalesce(o.candidate, false)
CALL (o, a) {
  MATCH (a)-[tie:ADMINISTERS|COORDINATED|FRIEND|LIKES|FOLLOWS]-(:Asset)-[:PART_OF]->(p:Operation)
  RETURN p, type(tie) + coalesce(' ' + tie.layer, '') AS what, elementId(tie) AS thing
UNION
  MATCH (a)-[:USES]->(i:Identifier)<-[:USES]-(:Asset)-[:PART_OF]->(p:Operation)
  RETURN p, 'same ' + i.kind AS what, i.key AS thing
UNION
  MATCH (a)-[:RAN]->(:Ad)-[:PAID_FOR_BY]->(payer:Payer)<-[:PAID_FOR_BY]-(:Ad)<-[:RAN]-(:Asset)-[:PART_OF]->(p:Operation)
  RETURN p, 'same payer' AS what, payer.key AS thing
}
WITH o, p, what, thing
WHERE (o.id < p.id OR o.id = $operation AND o <> p) AND NOT coalesce(p.candidate, false)
RETURN o.id AS operation, p.id AS other, what, count(DISTINCT thing) AS things, collect(DISTINCT thing)[0..5] AS some
ORDER BY things DESC, operation, other, what
LIMIT toInteger($limit)
