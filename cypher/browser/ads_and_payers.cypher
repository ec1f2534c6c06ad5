// Ads and who paid for them
// By Page (or Instagram account), payer and currency: number, spend as a range (never summed over currencies), first and last ad.
// :param payer => ''
// :param limit => 200
MATCH (page:Asset)-[:RAN]->(ad:Ad)
OPTIONAL MATCH (ad)-[:PAID_FOR_BY {as: 'payer'}]->(payer:Payer)
WITH page, payer, ad
WHERE $payer = '' OR toLower(coalesce(payer.name, '')) CONTAINS toLower($payer)
WITH page, payer, ad.currency AS currency, count(ad) AS ads, sum(ad.spend_lower) AS spend_lower,
     sum(ad.spend_upper) AS spend_upper, min(coalesce(ad.started_at, ad.created_at)) AS first_ad,
     max(coalesce(ad.stopped_at, ad.started_at, ad.created_at)) AS last_ad
RETURN coalesce(page.name, page.key) AS page, payer.name AS payer, currency, ads, round(spend_lower, 2) AS spend_lower,
       round(spend_upper, 2) AS spend_upper,
       first_ad, last_ad, page.country AS page_country, page.admin_countries AS admin_countries
ORDER BY coalesce(spend_upper, 0) DESC, ads DESC, page
LIMIT toInteger($limit)
