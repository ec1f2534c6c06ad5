// Candidates below the threshold
// Operations too weak for an alert, strongest first: where to look if there is time.
// :param limit => 200
MATCH (o:Operation)
WHERE o.candidate AND coalesce(o.status, '') <> 'gone'
RETURN o.id AS operation, round(o.score, 1) AS score, o.assets AS assets, round(o.completeness, 2) AS completeness,
       o.layers AS layers, o.why AS why
ORDER BY score DESC, operation
LIMIT toInteger($limit)
