// Who stands near, but is no member?
// Accounts and Pages outside the operation that administer, or are administered by, its members, share one of their
// identifiers, or coordinate with them. Look here for what was missed.
// :param operation => ''
// :param kinds => ['device', 'payment', 'phone', 'email']
// :param limit => 200
MATCH (o:Operation)
WHERE o.id = $operation OR ($operation = '' AND o.rank = 1 AND NOT coalesce(o.candidate, false))
MATCH (o)<-[:PART_OF]-(member:Asset)
CALL (o, member) {
  MATCH (member)-[tie:ADMINISTERS|COORDINATED]-(near:Asset)
  RETURN near, type(tie) + coalesce(' ' + tie.layer, '') AS how
UNION ALL
  MATCH (member)-[:USES]->(identifier:Identifier)<-[:USES]-(near:Asset)
  WHERE identifier.kind IN $kinds
  RETURN near, 'USES the same ' + identifier.kind AS how
}
WITH o, near, how, member
WHERE NOT EXISTS { (near)-[:PART_OF]->(o) }
RETURN o.id AS operation, coalesce(near.name, near.key) AS name, near.key AS asset, near.kind AS kind,
       count(DISTINCT member) AS members_reached, collect(DISTINCT how) AS how,
       COLLECT { MATCH (near)-[:PART_OF]->(other:Operation) RETURN other.id ORDER BY other.id } AS other_operations
ORDER BY members_reached DESC, asset
LIMIT toInteger($limit)
