// Everything around an asset, drawn
// Its administrators, Pages, identifiers, ads, Groups, friends and coordinated partners. Left empty, the member that is
// surest to be part of the operation ranked first.
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
MATCH around = (a)-[:ADMINISTERS|COORDINATED|USES|RAN|PUBLISHED|MEMBER_OF|FRIEND|LIKES|FOLLOWS|PART_OF]-()
RETURN around
LIMIT toInteger($limit)
