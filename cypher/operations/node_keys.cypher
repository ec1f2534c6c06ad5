// The key of each asset by the database's own id, in which projections speak
MATCH (a:Asset)
RETURN id(a) AS node, a.key AS asset
