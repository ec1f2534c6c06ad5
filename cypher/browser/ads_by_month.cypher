// When were its ads on?
// Ads of an operation by month and currency, with the range of what they cost.
// :param operation => ''
// :param limit => 200
MATCH (o:Operation)
WHERE o.id = $operation OR ($operation = '' AND o.rank = 1 AND NOT coalesce(o.candidate, false))
MATCH (o)<-[:PART_OF]-(:Asset)-[:RAN]->(ad:Ad)
WITH DISTINCT o, ad, coalesce(ad.started_at, ad.created_at) AS at
WHERE at IS NOT NULL
RETURN o.id AS operation, date.truncate('month', at) AS month, ad.currency AS currency, count(ad) AS ads,
       round(sum(ad.spend_lower), 2) AS spend_lower, round(sum(ad.spend_upper), 2) AS spend_upper
ORDER BY month, currency
LIMIT toInteger($limit)
