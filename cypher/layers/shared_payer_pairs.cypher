// Pages whose ads the same payer or beneficiary paid for
// One row a pair and shared payer. Payers of more than max_degree Pages are left out.
// degree: the assets that hold the thing.
// :param max_degree => 50
MATCH (page:Asset)-[:RAN]->(:Ad)-[:PAID_FOR_BY]->(payer:Payer)
WITH payer, collect(DISTINCT page) AS pages
WHERE 2 <= size(pages) <= $max_degree
UNWIND pages AS source
UNWIND pages AS target
WITH payer, size(pages) AS degree, source, target
WHERE source.key < target.key
RETURN source.key AS source, target.key AS target, 'payer' AS object_kind, payer.name AS object, degree
