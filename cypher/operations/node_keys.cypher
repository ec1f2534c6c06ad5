// The key of each node that projections hold, by the database's own id
MATCH (node:Asset|Identifier|Payer)
RETURN id(node) AS node, node.key AS key, node:Asset AS is_asset
