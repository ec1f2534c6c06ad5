// Remove the evidence posts that earlier runs wrote
// :param limit => 50000
MATCH (post:Post)
WITH post LIMIT $limit
DETACH DELETE post
