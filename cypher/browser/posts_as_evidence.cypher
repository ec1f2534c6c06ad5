// The posts themselves
// Posts of an operation that are evidence for an edge, in the order of time, with what each shares.
// The words of posts are in the action log, not in the graph: `cib show` quotes them.
// :param operation => ''
// :param object => ''
// :param limit => 200
MATCH (o:Operation)
WHERE o.id = $operation OR ($operation = '' AND o.rank = 1 AND NOT coalesce(o.candidate, false))
MATCH (o)<-[:PART_OF]-(a:Asset)-[:PUBLISHED]->(post:Post)-[:SHARES|REPLIES_TO]->(object:Url|Domain|Text|Hashtag|Image|Post)
WHERE $object = '' OR object.key = $object
RETURN o.id AS operation, post.at AS at, coalesce(a.name, a.key) AS asset, a.key AS asset_key, labels(object)[0] AS kind,
       object.key AS object, post.key AS post, post.url AS url
ORDER BY at, asset_key, post, object
LIMIT toInteger($limit)
