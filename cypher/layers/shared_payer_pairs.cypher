// Pages whose ads the same payer or beneficiary paid for
// One row a pair and shared payer. Payers of more than max_degree Pages are left out.
// degree: the assets that hold the thing; _at, _ref: the first ad of each Page that it paid for.
// :param max_degree => 50
MATCH (page:Asset)-[:RAN]->(ad:Ad)-[:PAID_FOR_BY]->(payer:Payer)
WITH page, ad, payer ORDER BY ad.started_at, ad.key
WITH payer, page, head(collect(ad)) AS ad
WITH payer, collect([page, ad]) AS runs
WHERE 2 <= size(runs) <= $max_degree
UNWIND runs AS one
UNWIND runs AS other
WITH payer, size(runs) AS degree, one[0] AS source, other[0] AS target, one[1] AS source_ad, other[1] AS target_ad
WHERE source.key < target.key
RETURN source.key AS source, target.key AS target, 'payer' AS object_kind, payer.name AS object, degree,
       source_ad.started_at AS source_at, target_ad.started_at AS target_at, source_ad.key AS source_ref,
       target_ad.key AS target_ref
