// What was decided, by whom?
// Decisions on operations, the latest first. `cib decide` takes one back by deciding anew; none is ever deleted.
// :param limit => 200
MATCH (d:Decision)-[:DECIDED]->(o:Operation)
RETURN d.at AS at, o.id AS operation, d.verdict AS verdict, d.by AS by, d.note AS note, o.rank AS rank,
       round(o.score, 1) AS score, o.status AS status, o.notice AS notice
ORDER BY at DESC, operation
LIMIT toInteger($limit)
