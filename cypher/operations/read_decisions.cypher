// Decisions on operations, the latest last
// Those of `operations`, or all where that is null.
// :param operations => null
MATCH (d:Decision)-[:DECIDED]->(o:Operation)
WHERE $operations IS NULL OR o.id IN $operations
RETURN o.id AS operation_id, d.id AS decision, d.at AS at, d.verdict AS verdict, d.by AS by, d.note AS note,
       elementId(d) AS element
ORDER BY at, decision
