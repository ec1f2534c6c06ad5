// Who took over an older Page?
// Administrators who came long after a Page was made: bought, hijacked, or handed on inside an agency.
// :param days => 30
// :param limit => 200
MATCH (admin:Account)-[tie:ADMINISTERS]->(page:Asset)
WHERE tie.since > page.created_at + duration({days: $days})
RETURN coalesce(page.name, page.key) AS page, page.key AS page_key, page.created_at AS made, tie.since AS since,
       duration.inDays(page.created_at, tie.since).days AS days_later, admin.key AS admin, admin.name AS admin_name,
       admin.country AS admin_country, page.history_names AS names,
       COLLECT { MATCH (page)-[:PART_OF]->(o:Operation) RETURN o.id ORDER BY o.id } AS operations
ORDER BY days_later DESC, page_key, admin
LIMIT toInteger($limit)
