// Same ad on several Pages
// Ads of the same wording, or with the same landing page, that several Pages ran.
// :param at_least => 2
// :param limit => 200
MATCH (page:Asset)-[:RAN]->(ad:Ad)
UNWIND [['text', ad.text_fingerprint], ['landing page', ad.landing_url]] AS thing
WITH thing[0] AS what, thing[1] AS value, page, ad
WHERE value IS NOT NULL
WITH what, value, count(ad) AS ads, collect(DISTINCT page) AS pages, min(ad.text) AS words
WHERE size(pages) >= $at_least
RETURN what, CASE what WHEN 'text' THEN words ELSE value END AS same, size(pages) AS pages, ads,
       [page IN pages | coalesce(page.name, page.key)][0..10] AS first_ten,
       COLLECT { UNWIND pages AS page MATCH (page)-[:PART_OF]->(o:Operation)
                 RETURN DISTINCT o.id ORDER BY o.id } AS operations
ORDER BY pages DESC, what, same
LIMIT toInteger($limit)
