// Members of operations
// Of a Group, `followers` stays empty: those in it are members, who do not follow it.
// :param operations => []
MATCH (a:Asset)-[m:PART_OF]->(o:Operation)
WHERE o.id IN $operations
OPTIONAL MATCH (:Watchlist)-[w:WATCHES]->(a)
RETURN o.id AS operation_id, a.platform AS platform, a.kind AS kind, a.id AS id, a.name AS name, m.role AS role,
       m.confidence AS confidence, a.followers AS followers, a.created_at AS created_at, a.url AS url, CASE WHEN w IS NULL THEN m.why
            ELSE 'on the watchlist' + CASE WHEN w.note IS NULL THEN '' ELSE ': “' + w.note + '”' END + '; ' + m.why END AS why,
       a.key AS key
