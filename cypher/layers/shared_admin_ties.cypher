// How many administrators each Page and Group has
// Administrators of more than max_degree assets are left out.
// :param max_degree => 50
MATCH (asset:Asset)<-[:ADMINISTERS]-(admin:Account)
WHERE count { (admin)-[:ADMINISTERS]->() } <= $max_degree
RETURN asset.key AS asset, 'admin' AS object_kind, count(*) AS ties
