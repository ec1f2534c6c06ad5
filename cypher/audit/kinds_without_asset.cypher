// Accounts, Pages and Groups that are no assets
MATCH (node:Account|Page|Group)
WHERE NOT node:Asset
RETURN labels(node) AS labels, node.key AS key
