// What changed since the last run?
// Operations that are new, grown, shrunk, merged, split or gone; an unchanged one is left out. Who joined and who
// left: `cib diff`, which compares any two runs.
// :param limit => 200
MATCH (o:Operation)
WHERE o.status <> 'unchanged' AND (o.status = 'gone' OR NOT coalesce(o.candidate, false))
RETURN o.status AS status, o.id AS operation, o.rank AS rank, round(o.score, 1) AS score, o.assets AS assets,
       o.last_seen AS last_seen, o.run AS run,
       o.notice AS notice, o.why AS why
ORDER BY rank IS NULL, rank, operation
LIMIT toInteger($limit)
