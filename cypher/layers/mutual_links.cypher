// Which Pages each Page likes or follows
// mutual: whether one row says it of both.
// at: since when, where known.
MATCH (page:Page)-[tie:LIKES|FOLLOWS]->(other:Page)
WHERE page <> other
RETURN page.key AS asset, other.key AS object, tie.at AS at, coalesce(toBoolean(tie.x_mutual), false) AS mutual
