// What do the sources say of an asset?
// All that is known of an asset, and from which source; `says_otherwise` holds what a source says differently.
// Left empty, the member that is surest to be part of the operation ranked first.
// :param asset => ''
// :param limit => 200
CALL () {
  MATCH (a:Asset {key: $asset})
  RETURN a
UNION
  MATCH (a:Asset)-[part:PART_OF]->(o:Operation {rank: 1})
  WHERE $asset = '' AND NOT coalesce(o.candidate, false)
  RETURN a
  ORDER BY part.confidence DESC, a.key
  LIMIT 1
}
MATCH (a)-[told:LOADED_FROM]->(s:Source)
RETURN a.key AS asset, properties(a) AS known, s.path AS source, properties(told) AS says_otherwise
ORDER BY source
LIMIT toInteger($limit)
