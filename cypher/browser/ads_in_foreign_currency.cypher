// Ads paid in a foreign currency
// Ads in another currency than most ads that were aimed at the same countries: the customary currency is taken from the
// data, so it takes more than one advertiser a country.
// :param limit => 200
MATCH (ad:Ad)
WHERE ad.currency IS NOT NULL AND size(ad.countries) > 0
WITH ad.countries AS countries, ad.currency AS currency, count(*) AS number
ORDER BY number DESC, currency
WITH countries, collect(currency)[0] AS customary
MATCH (ad:Ad)<-[:RAN]-(page:Asset)
WHERE ad.countries = countries AND ad.currency <> customary
RETURN coalesce(page.name, page.key) AS page, page.key AS page_key, countries AS aimed_at, customary,
       ad.currency AS paid_in, count(ad) AS ads, round(sum(ad.spend_lower), 2) AS spend_lower,
       round(sum(ad.spend_upper), 2) AS spend_upper, collect(DISTINCT ad.payer) AS payers,
       COLLECT { MATCH (page)-[:PART_OF]->(o:Operation) RETURN o.id ORDER BY o.id } AS operations
ORDER BY ads DESC, page_key, paid_in
LIMIT toInteger($limit)
