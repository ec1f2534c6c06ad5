// Nodes without the key or id by which they are merged
MATCH (node:Ad|Payer|Identifier|Url|Text|Hashtag|Image|Domain|Post|Operation|Signal|Decision|Run|Source)
WHERE CASE WHEN node:Operation|Signal|Decision|Run|Source THEN node.id IS NULL ELSE node.key IS NULL END
RETURN labels(node) AS labels, elementId(node) AS node
