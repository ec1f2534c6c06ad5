// What did they push?
// Links, sites, texts, hashtags and images that several members posted, among the posts that are evidence in the graph.
// :param operation => ''
// :param at_least => 2
// :param limit => 200
MATCH (o:Operation)
WHERE o.id = $operation OR ($operation = '' AND o.rank = 1 AND NOT coalesce(o.candidate, false))
MATCH (o)<-[:PART_OF]-(a:Asset)-[:PUBLISHED]->(post:Post)-[:SHARES]->(object:Url|Domain|Text|Hashtag|Image|Post)
WITH o, object, count(DISTINCT a) AS members, count(DISTINCT post) AS posts, min(post.at) AS first_at,
     max(post.at) AS last_at
WHERE members >= $at_least
RETURN o.id AS operation, labels(object)[0] AS kind, object.key AS object, members, posts, first_at, last_at
ORDER BY members DESC, posts DESC, object
LIMIT toInteger($limit)
