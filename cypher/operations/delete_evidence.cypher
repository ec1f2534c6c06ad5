// Remove the evidence that earlier runs wrote: posts, and what they share
// :param limit => 50000
MATCH (node:Post|Url|Domain|Text|Hashtag|Image)
WITH node LIMIT $limit
DETACH DELETE node
