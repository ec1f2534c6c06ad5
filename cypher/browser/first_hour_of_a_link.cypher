// First hour of a coordinated link
// Who posted an object first, and who followed within the hour. Empty: the object that most evidence posts share.
// :param object => ''
// :param minutes => 60
// :param limit => 200
CALL () {
  MATCH (post:Post)-[:SHARES]->(object:Url|Text|Hashtag|Image|Post)
  WHERE $object = '' OR object.key = $object
  RETURN object, count(post) AS posts, min(post.at) AS first_at
  ORDER BY posts DESC, object.key
  LIMIT 1
}
MATCH (asset:Asset)-[:PUBLISHED]->(post:Post)-[:SHARES]->(object)
WHERE post.at <= first_at + duration({minutes: $minutes})
RETURN object.key AS object, post.at AS at, duration.inSeconds(first_at, post.at).seconds AS seconds_after_first,
       coalesce(asset.name, asset.key) AS asset, post.url AS url, post.key AS post,
       COLLECT { MATCH (asset)-[:PART_OF]->(o:Operation) RETURN o.id ORDER BY o.id } AS operations
ORDER BY at, asset
LIMIT toInteger($limit)
