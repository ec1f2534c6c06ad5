// Who administers what
MATCH (account:Account)-[:ADMINISTERS]->(asset:Asset)
RETURN DISTINCT account.key AS account, asset.key AS asset
ORDER BY account, asset
