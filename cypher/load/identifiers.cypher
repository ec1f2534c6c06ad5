// Identifiers that assets use: addresses, devices, payments, domains
// :param rows => []
UNWIND $rows AS row
MERGE (identifier:Identifier {key: row.key})
ON CREATE SET identifier += row
