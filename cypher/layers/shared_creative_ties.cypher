// How many ad texts and landing pages each Page used, and how many other Pages used those
// ties: distinct creatives of the Page; exposure: the sum over them of the other Pages that used each.
// :param max_degree => 50
MATCH (page:Asset)-[:RAN]->(ad:Ad)
UNWIND [['ad_text', ad.text_fingerprint], ['landing_page', ad.landing_url],
        ['audience', ad.audience]] AS creative
WITH creative[0] AS object_kind, creative[1] AS object, page
WHERE object IS NOT NULL
WITH object_kind, object, collect(DISTINCT page) AS pages
WHERE size(pages) <= $max_degree
UNWIND pages AS asset
RETURN asset.key AS asset, count(*) AS ties, sum(size(pages) - 1) AS exposure
