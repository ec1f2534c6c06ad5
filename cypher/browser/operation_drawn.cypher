// An operation, drawn
// Its members and what ties them: administrators, coordination, ads, payers, identifiers. For Browser's graph view.
// :param operation => ''
// :param limit => 200
MATCH (o:Operation)
WHERE o.id = $operation OR ($operation = '' AND o.rank = 1 AND NOT coalesce(o.candidate, false))
CALL (o) {
  MATCH drawn = (:Asset)-[:PART_OF]->(o) RETURN drawn, 1 AS place
UNION
  MATCH drawn = (o)<-[:PART_OF]-(:Asset)-[:ADMINISTERS|COORDINATED]->(:Asset)-[:PART_OF]->(o) RETURN drawn, 2 AS place
UNION
  MATCH drawn = (o)<-[:PART_OF]-(:Asset)-[:USES]->(:Identifier)<-[:USES]-(:Asset)-[:PART_OF]->(o)
  RETURN drawn, 3 AS place
UNION
  MATCH drawn = (o)<-[:PART_OF]-(:Asset)-[:RAN]->(:Ad)-[:PAID_FOR_BY]->(:Payer) RETURN drawn, 4 AS place
}
RETURN drawn
ORDER BY place
LIMIT toInteger($limit)
