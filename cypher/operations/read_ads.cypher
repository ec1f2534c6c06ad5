// Ads that the Pages of operations ran
// :param operations => []
MATCH (o:Operation)
WHERE o.id IN $operations
MATCH (o)<-[:PART_OF]-(:Asset)-[:RAN]->(ad:Ad)
WITH DISTINCT o, ad
RETURN o.id AS operation_id, ad.platform AS platform, ad.id AS id, ad.page_id AS page_id, ad.payer AS payer,
       ad.beneficiary AS beneficiary, ad.currency AS currency, ad.spend_lower AS spend_lower,
       ad.spend_upper AS spend_upper, ad.impressions_lower AS impressions_lower,
       ad.impressions_upper AS impressions_upper, ad.started_at AS started_at, ad.stopped_at AS stopped_at,
       ad.created_at AS created_at, ad.text AS text, ad.url AS url, ad.countries AS countries, ad.targets AS targets,
       ad.disclaimer AS disclaimer, ad.key AS key
