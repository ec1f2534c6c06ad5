// Ads, the Pages that ran them and who paid
MATCH (page:Asset)-[:RAN]->(ad:Ad)
OPTIONAL MATCH (ad)-[:PAID_FOR_BY]->(payer:Payer)
WITH page, ad, min(payer.key) AS payer
RETURN page.key AS asset, ad.key AS ad, payer, ad.currency AS currency, ad.spend_lower AS spend_lower,
       ad.spend_upper AS spend_upper, coalesce(ad.started_at, ad.created_at) AS started_at,
       coalesce(ad.stopped_at, ad.started_at, ad.created_at) AS stopped_at, ad.disclaimer AS disclaimer,
       ad.countries AS countries
ORDER BY asset, ad
