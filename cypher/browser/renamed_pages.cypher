// Pages that were called something else
// Pages with a history of names, the most renamed first; a new name keeps the old followers.
// :param limit => 200
MATCH (page:Page)
WHERE size(coalesce(page.history_names, [])) > 0
WITH page, [i IN range(0, size(page.history_names) - 1) WHERE page.history_events[i] = 'renamed'] AS renamed
WHERE size(renamed) > 0
RETURN page.name AS page, page.key AS page_key, size(renamed) AS times, page.history_names AS names,
       page.history_at AS at, page.followers AS followers,
       COLLECT { MATCH (page)-[:PART_OF]->(o:Operation) RETURN o.id ORDER BY o.id } AS operations
ORDER BY times DESC, coalesce(followers, 0) DESC, page_key
LIMIT toInteger($limit)
