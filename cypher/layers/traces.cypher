// Telling identifiers that several assets use, with each user
// Of kinds that are in one hand: what fewer than least assets use a household may, what more than max_degree use (a public
// host) anybody.
// :param kinds => ['analytics_tag']
// :param least => 4
// :param max_degree => 50
MATCH (value:Identifier)
WHERE value.kind IN $kinds
WITH value, count { (value)<-[:USES]-() } AS degree
WHERE $least <= degree <= $max_degree
MATCH (asset:Asset)-[:USES]->(value)
RETURN DISTINCT asset.key AS asset, asset.kind AS kind, value.key AS identifier, value.kind AS object_kind,
                value.value AS object
ORDER BY identifier, asset
