// The latest run, those that produced operations first
MATCH (r:Run)
RETURN properties(r) AS run
ORDER BY EXISTS { (r)-[:PRODUCED]->(:Operation) } DESC, r.started_at DESC, r.id DESC
LIMIT 1
