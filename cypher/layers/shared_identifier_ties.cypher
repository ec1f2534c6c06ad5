// How many identifiers of each kind each asset uses
// Values that more than max_degree assets use are left out.
// :param max_degree => 50
MATCH (asset:Asset)-[:USES]->(value:Identifier)
WHERE count { (value)<-[:USES]-() } <= $max_degree
RETURN asset.key AS asset, value.kind AS object_kind, count(*) AS ties
