// Operations, ranked
// The suspected operations of the last run, strongest first, and why each stands where it does.
// :param limit => 200
MATCH (o:Operation)
WHERE NOT coalesce(o.candidate, false)
RETURN o.rank AS rank, o.id AS operation, round(o.score, 1) AS score, o.status AS status, o.pages AS pages,
       o.accounts AS accounts, o.groups AS groups, o.instagram_accounts AS instagram, o.ads AS ads,
       o.ad_spend AS ad_spend, o.countries AS countries, o.layers AS layers, o.why AS why
ORDER BY rank
LIMIT toInteger($limit)
