// Ads and payers, drawn
// The Pages of an operation, the ads that they ran, and who paid.
// :param operation => ''
// :param limit => 200
MATCH (o:Operation)
WHERE o.id = $operation OR ($operation = '' AND o.rank = 1 AND NOT coalesce(o.candidate, false))
MATCH drawn = (o)<-[:PART_OF]-(:Asset)-[:RAN]->(:Ad)-[:PAID_FOR_BY]->(:Payer)
RETURN drawn
LIMIT toInteger($limit)
