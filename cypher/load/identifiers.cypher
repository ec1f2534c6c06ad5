// Identifiers that assets use: addresses, devices, payments, domains
// :param rows => []
UNWIND $rows AS row
MATCH (asset:Asset {key: row.source})
MERGE (identifier:Identifier {key: row.target})
ON CREATE SET identifier.kind = row.kind, identifier.value = row.value
MERGE (asset)-[uses:USES]->(identifier)
SET uses += coalesce(row.properties, {})
