// Countries, counted for a map
// How often an operation touches each country: members there, administrators there, ads aimed at it, together.
// :param operation => ''
MATCH (o:Operation)
WHERE o.id = $operation OR ($operation = '' AND o.rank = 1 AND NOT coalesce(o.candidate, false))
CALL (o) {
  MATCH (a:Asset)-[:PART_OF]->(o)
  WHERE a.country IS NOT NULL
  RETURN a.country AS country, 1 AS times
UNION ALL
  MATCH (a:Page)-[:PART_OF]->(o)
  WHERE size(a.admin_countries) = size(a.admin_country_counts)
  UNWIND range(0, size(a.admin_countries) - 1) AS place
  RETURN a.admin_countries[place] AS country, a.admin_country_counts[place] AS times
UNION ALL
  MATCH (o)<-[:PART_OF]-(:Asset)-[:RAN]->(ad:Ad)
  WITH DISTINCT ad
  UNWIND ad.countries AS country
  RETURN country, 1 AS times
}
RETURN country, sum(times) AS number
ORDER BY number DESC, country
