// Ads, Payers and Identifiers whose key disagrees with what it is made of
MATCH (node:Ad|Payer|Identifier)
WHERE node:Ad AND node.key <> node.platform + ':ad:' + node.id
   OR node:Payer AND NOT node.key STARTS WITH 'payer:'
   OR node:Identifier AND node.key <> node.kind + ':' + node.value
RETURN labels(node) AS labels, node.key AS key
