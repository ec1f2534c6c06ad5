// Pages that ran ads with the same text, landing page or audience
// One row a pair and shared creative. Texts are compared by the fingerprint that loading made, landing pages by
// their normalised address, audiences by the whole list of targeting terms. Creatives of more than max_degree Pages are left out.
// degree: the assets that hold the thing.
// :param max_degree => 50
MATCH (page:Asset)-[:RAN]->(ad:Ad)
UNWIND [['ad_text', ad.text_fingerprint], ['landing_page', ad.landing_url],
        ['audience', ad.audience]] AS creative
WITH creative[0] AS object_kind, creative[1] AS object, page
WHERE object IS NOT NULL
WITH object_kind, object, collect(DISTINCT page) AS pages
WHERE 2 <= size(pages) <= $max_degree
UNWIND pages AS source
UNWIND pages AS target
WITH object_kind, object, size(pages) AS degree, source, target
WHERE source.key < target.key
RETURN source.key AS source, target.key AS target, object_kind, object, degree
