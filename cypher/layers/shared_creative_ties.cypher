// How many ad texts, landing pages and audiences each Page used
// Creatives of more than max_degree Pages are left out.
// :param max_degree => 50
MATCH (page:Asset)-[:RAN]->(ad:Ad)
UNWIND [['ad_text', ad.text_fingerprint], ['landing_page', ad.landing_url],
        ['audience', ad.audience]] AS creative
WITH creative[0] AS object_kind, creative[1] AS object, page
WHERE object IS NOT NULL
WITH object_kind, object, collect(DISTINCT page) AS pages
WHERE size(pages) <= $max_degree
UNWIND pages AS asset
RETURN asset.key AS asset, object_kind, count(*) AS ties
