// How many administrators each Page and Group has, and how many others those administer
// ties: administrators of the asset; exposure: the sum over them of the other assets that each administers.
// :param max_degree => 50
MATCH (asset:Asset)<-[:ADMINISTERS]-(admin:Account)
WITH asset, count { (admin)-[:ADMINISTERS]->() } AS degree
WHERE degree <= $max_degree
RETURN asset.key AS asset, count(*) AS ties, sum(degree - 1) AS exposure
