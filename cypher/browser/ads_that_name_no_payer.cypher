// Ads that name no payer
// Pages whose ads neither say who paid nor carry a disclaimer.
// :param limit => 200
MATCH (page:Asset)-[:RAN]->(ad:Ad)
WHERE ad.payer IS NULL AND ad.disclaimer IS NULL
RETURN coalesce(page.name, page.key) AS page, page.key AS page_key, count(ad) AS ads,
       COUNT { (page)-[:RAN]->(:Ad) } AS ads_in_all, collect(DISTINCT ad.currency) AS currencies,
       min(coalesce(ad.started_at, ad.created_at)) AS first_ad, max(coalesce(ad.started_at, ad.created_at)) AS last_ad,
       COLLECT { MATCH (page)-[:PART_OF]->(o:Operation) RETURN o.id ORDER BY o.id } AS operations
ORDER BY ads DESC, page_key
LIMIT toInteger($limit)
