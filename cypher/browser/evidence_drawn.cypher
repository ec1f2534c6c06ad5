// Evidence, drawn
// Members, their posts and what these share: follow a link or text from one persona to the next.
// :param operation => ''
// :param object => ''
// :param limit => 200
MATCH (o:Operation)
WHERE o.id = $operation OR ($operation = '' AND o.rank = 1 AND NOT coalesce(o.candidate, false))
MATCH drawn = (o)<-[:PART_OF]-(:Asset)-[:PUBLISHED]->(:Post)-[:SHARES|REPLIES_TO]->(object:Url|Domain|Text|Hashtag|Image|Post)
WHERE $object = '' OR object.key = $object
RETURN drawn
LIMIT toInteger($limit)
