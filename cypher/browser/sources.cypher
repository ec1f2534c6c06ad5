// Where do the data come from?
// Every source, and how many assets and ads it tells of.
// :param limit => 200
MATCH (s:Source)
RETURN s.id AS source, s.path AS path, s.profile AS profile, s.sha256 AS sha256,
       COUNT { (s)<-[:LOADED_FROM]-() } AS tells_of
ORDER BY tells_of DESC, source
LIMIT toInteger($limit)
