// How many payers each Page has
// Payers of more than max_degree Pages are left out.
// :param max_degree => 50
MATCH (page:Asset)-[:RAN]->(:Ad)-[:PAID_FOR_BY]->(payer:Payer)
WITH payer, collect(DISTINCT page) AS pages
WHERE size(pages) <= $max_degree
UNWIND pages AS asset
RETURN asset.key AS asset, 'payer' AS object_kind, count(*) AS ties
