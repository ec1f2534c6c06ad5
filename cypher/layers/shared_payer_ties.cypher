// How many payers each Page has, and how many other Pages those pay for
// ties: payers of the Page's ads; exposure: the sum over them of the other Pages that each pays for.
// :param max_degree => 50
MATCH (page:Asset)-[:RAN]->(:Ad)-[:PAID_FOR_BY]->(payer:Payer)
WITH payer, collect(DISTINCT page) AS pages
WHERE size(pages) <= $max_degree
UNWIND pages AS asset
RETURN asset.key AS asset, count(*) AS ties, sum(size(pages) - 1) AS exposure
