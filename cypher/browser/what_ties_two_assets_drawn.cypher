// What ties two assets together, drawn
// The shortest chains of evidence between two keys: administrators, identifiers, payers, coordination. Left empty: the
// two ends of the strongest edge.
// :param first => ''
// :param second => ''
// :param limit => 200
CALL () {
  MATCH (end:Asset)
  WHERE end.key IN [$first, $second]
  WITH collect(end) AS ends
  WHERE size(ends) = 2
  RETURN ends[0] AS a, ends[1] AS b
UNION
  MATCH (a:Asset)-[edge:COORDINATED]->(b:Asset)
  WHERE $first = '' AND $second = ''
  RETURN a, b
  ORDER BY coalesce(edge.strength, 0) DESC, a.key, b.key
  LIMIT 1
}
MATCH chain = allShortestPaths((a)-[:ADMINISTERS|USES|RAN|PAID_FOR_BY|COORDINATED|MEMBER_OF|FRIEND*..6]-(b))
RETURN chain
LIMIT toInteger($limit)
