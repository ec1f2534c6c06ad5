// Write the posts that are evidence, with what they share or reply to
// :param rows => []
UNWIND $rows AS row
MATCH (asset:Asset {key: row.asset})
MERGE (post:Post {key: row.post})
SET post.at = row.at, post.url = row.url
MERGE (asset)-[:PUBLISHED]->(post)
WITH post, row
CALL (post, row) {
  WITH post, row WHERE row.object_kind = 'url'
  MERGE (object:Url {key: row.object}) MERGE (post)-[:SHARES]->(object)
UNION
  WITH post, row WHERE row.object_kind = 'text'
  MERGE (object:Text {key: row.object}) MERGE (post)-[:SHARES]->(object)
UNION
  WITH post, row WHERE row.object_kind = 'hashtag'
  MERGE (object:Hashtag {key: row.object}) MERGE (post)-[:SHARES]->(object)
UNION
  WITH post, row WHERE row.object_kind = 'image'
  MERGE (object:Image {key: row.object}) MERGE (post)-[:SHARES]->(object)
UNION
  WITH post, row WHERE row.object_kind = 'domain'
  MERGE (object:Domain {key: row.object}) MERGE (post)-[:SHARES]->(object)
UNION
  WITH post, row WHERE row.object_kind = 'repost'
  MERGE (object:Post {key: row.object}) MERGE (post)-[:SHARES]->(object)
UNION
  WITH post, row WHERE row.object_kind = 'reply'
  MERGE (object:Post {key: row.object}) MERGE (post)-[:REPLIES_TO]->(object)
}
