// Same phone or device, different persona
// Identifiers that several assets use. A shared network address says little; a shared device or payment, a lot.
// :param kinds => ['device', 'payment', 'phone', 'email']
// :param at_least => 2
// :param limit => 200
MATCH (asset:Asset)-[:USES]->(identifier:Identifier)
WHERE identifier.kind IN $kinds
WITH identifier, collect(DISTINCT asset) AS assets
WHERE size(assets) >= $at_least
RETURN identifier.kind AS kind, identifier.value AS value, size(assets) AS assets,
       [asset IN assets | coalesce(asset.name, asset.key)][0..10] AS personas,
       COLLECT { UNWIND assets AS asset WITH DISTINCT asset.country AS country WHERE country IS NOT NULL
                 RETURN country ORDER BY country } AS countries
ORDER BY assets DESC, kind, value
LIMIT toInteger($limit)
