// Bridges between operations, drawn
// What ties members of different operations to each other: administration, coordination, friendship, an identifier, a
// payer. Give one operation to see its bridges only.
// :param operation => ''
// :param limit => 200
MATCH (o:Operation)
WHERE ($operation = '' OR o.id = $operation) AND NOT coalesce(o.candidate, false)
CALL (o) {
  MATCH drawn = (o)<-[:PART_OF]-(:Asset)-[:ADMINISTERS|COORDINATED|FRIEND|LIKES|FOLLOWS]-(:Asset)-[:PART_OF]->(p:Operation)
  RETURN drawn, p
UNION
  MATCH drawn = (o)<-[:PART_OF]-(:Asset)-[:USES]->(:Identifier)<-[:USES]-(:Asset)-[:PART_OF]->(p:Operation)
  RETURN drawn, p
UNION
  MATCH drawn = (o)<-[:PART_OF]-(:Asset)-[:RAN]->(:Ad)-[:PAID_FOR_BY]->(:Payer)<-[:PAID_FOR_BY]-(:Ad)<-[:RAN]-(:Asset)
                -[:PART_OF]->(p:Operation)
  RETURN drawn, p
}
WITH drawn, o, p
WHERE (o.id < p.id OR o.id = $operation AND o <> p) AND NOT coalesce(p.candidate, false)
RETURN drawn
LIMIT toInteger($limit)
