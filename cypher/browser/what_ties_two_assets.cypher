// What ties two assets together
// The shortest chains of evidence between two keys: administrators, identifiers, payers, coordination.
// :param first => ''
// :param second => ''
// :param limit => 20
MATCH (a:Asset {key: $first}), (b:Asset {key: $second})
WHERE a <> b
MATCH chain = allShortestPaths((a)-[:ADMINISTERS|USES|RAN|PAID_FOR_BY|COORDINATED|MEMBER_OF|FRIEND*..6]-(b))
RETURN [n IN nodes(chain) | coalesce(n.name, n.value, n.key)] AS through,
       [r IN relationships(chain) | type(r) + coalesce(' ' + r.layer, '')] AS ties, length(chain) AS steps
ORDER BY steps, through
LIMIT $limit
