// When did they post?
// Evidence posts of an operation by month, and how many members posted them.
// :param operation => ''
MATCH (o:Operation)
WHERE o.id = $operation OR ($operation = '' AND o.rank = 1 AND NOT coalesce(o.candidate, false))
MATCH (o)<-[:PART_OF]-(a:Asset)-[:PUBLISHED]->(post:Post)
WITH DISTINCT a, post, post.at AS at
WHERE at IS NOT NULL
RETURN date.truncate('month', at) AS month, count(post) AS posts, count(DISTINCT a) AS members
ORDER BY month
