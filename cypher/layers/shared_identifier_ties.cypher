// How many identifiers each asset uses, and how many others use those
// ties: identifiers of the asset; exposure: the sum over them of the other assets that use each.
// :param max_degree => 50
MATCH (asset:Asset)-[:USES]->(value:Identifier)
WITH asset, count { (value)<-[:USES]-() } AS degree
WHERE degree <= $max_degree
RETURN asset.key AS asset, count(*) AS ties, sum(degree - 1) AS exposure
