// Who runs these Pages?
// Pages whose name holds a text, with their administrators, and how many other Pages and Groups each runs.
// :param name => ''
// :param limit => 200
MATCH (page:Page)
WHERE toLower(coalesce(page.name, '')) CONTAINS toLower($name)
MATCH (admin:Account)-[tie:ADMINISTERS]->(page)
RETURN page.name AS page, page.key AS page_key, page.country AS says_it_is_in,
       page.admin_countries AS admin_countries, admin.key AS admin, admin.name AS admin_name,
       admin.country AS admin_country, tie.role AS role, tie.since AS since,
       count { (admin)-[:ADMINISTERS]->() } AS runs
ORDER BY runs DESC, admin, page
LIMIT toInteger($limit)
