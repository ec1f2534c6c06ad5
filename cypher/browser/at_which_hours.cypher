// At which hours do they post?
// Evidence posts by hour of the day (UTC) and day of the week: a shift shows as a block.
// :param operation => ''
MATCH (o:Operation)
WHERE o.id = $operation OR ($operation = '' AND o.rank = 1 AND NOT coalesce(o.candidate, false))
MATCH (o)<-[:PART_OF]-(a:Asset)-[:PUBLISHED]->(post:Post)
WITH DISTINCT o, a, post
RETURN o.id AS operation, post.at.hour AS hour_utc, count(post) AS posts, count(DISTINCT a) AS members,
       count(CASE WHEN post.at.dayOfWeek > 5 THEN 1 END) AS at_weekends
ORDER BY hour_utc
