// Countries that an operation touches
// What members declare, where the administrators of its Pages are, and where its ads were aimed.
// :param operations => []
MATCH (o:Operation)
WHERE o.id IN $operations
CALL (o) {
  MATCH (a:Asset)-[:PART_OF]->(o)
  WHERE a.country IS NOT NULL
  RETURN a.country AS country, 'members' AS what, count(*) AS number
UNION ALL
  MATCH (a:Page)-[:PART_OF]->(o)
  WHERE size(a.admin_countries) = size(a.admin_country_counts)
  UNWIND range(0, size(a.admin_countries) - 1) AS place
  RETURN a.admin_countries[place] AS country, 'administrators' AS what, sum(a.admin_country_counts[place]) AS number
UNION ALL
  MATCH (o)<-[:PART_OF]-(:Asset)-[:RAN]->(ad:Ad)
  WITH DISTINCT ad
  UNWIND ad.countries AS country
  RETURN country, 'ads' AS what, count(DISTINCT ad) AS number
}
RETURN o.id AS operation_id, country, what, number
