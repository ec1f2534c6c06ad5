// Which countries does it touch?
// What its members declare, where the administrators of its Pages are, and where its ads were aimed.
// :param operation => ''
// :param limit => 200
MATCH (o:Operation)
WHERE o.id = $operation OR ($operation = '' AND o.rank = 1 AND NOT coalesce(o.candidate, false))
CALL (o) {
  MATCH (a:Asset)-[:PART_OF]->(o)
  WHERE a.country IS NOT NULL
  RETURN a.country AS country, 'members say' AS what, count(*) AS number
UNION ALL
  MATCH (a:Page)-[:PART_OF]->(o)
  WHERE size(a.admin_countries) = size(a.admin_country_counts)
  UNWIND range(0, size(a.admin_countries) - 1) AS place
  RETURN a.admin_countries[place] AS country, 'administrators are in' AS what,
         sum(a.admin_country_counts[place]) AS number
UNION ALL
  MATCH (o)<-[:PART_OF]-(:Asset)-[:RAN]->(ad:Ad)
  WITH DISTINCT ad
  UNWIND ad.countries AS country
  RETURN country, 'ads were aimed at' AS what, count(DISTINCT ad) AS number
}
RETURN o.id AS operation, what, country, number
ORDER BY what, number DESC, country
LIMIT toInteger($limit)
