// Pages that ran ads with the same text, landing page or audience
// One row a pair and shared creative. Texts are compared by the fingerprint that loading made, landing pages by
// their normalised address, audiences by the whole list of targeting terms. Creatives of more than max_degree Pages are left out.
// degree: the assets that hold the thing; _at, _ref: the first ad of each Page that had it.
// :param max_degree => 50
MATCH (page:Asset)-[:RAN]->(ad:Ad)
WITH page, ad ORDER BY ad.started_at, ad.key
UNWIND [['ad_text', ad.text_fingerprint], ['landing_page', ad.landing_url],
        ['audience', ad.audience]] AS creative
WITH creative[0] AS object_kind, creative[1] AS object, page, ad
WHERE object IS NOT NULL
WITH object_kind, object, page, head(collect(ad)) AS ad
WITH object_kind, object, collect([page, ad]) AS runs
WHERE 2 <= size(runs) <= $max_degree
UNWIND runs AS one
UNWIND runs AS other
WITH object_kind, object, size(runs) AS degree, one[0] AS source, other[0] AS target, one[1] AS source_ad, other[1] AS target_ad
WHERE source.key < target.key
RETURN source.key AS source, target.key AS target, object_kind, object, degree, source_ad.started_at AS source_at,
       target_ad.started_at AS target_at, source_ad.key AS source_ref, target_ad.key AS target_ref
