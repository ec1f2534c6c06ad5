// One payer, many Pages
// Who paid for, or benefits from, the ads of several Pages: operators, and agencies with many customers.
// :param at_least => 2
// :param limit => 200
MATCH (page:Asset)-[:RAN]->(ad:Ad)-[:PAID_FOR_BY]->(payer:Payer)
WITH payer, count(DISTINCT ad) AS ads, collect(DISTINCT page) AS pages
WHERE size(pages) >= $at_least
RETURN payer.name AS payer, payer.key AS payer_key, size(pages) AS pages, ads,
       [page IN pages | coalesce(page.name, page.key)][0..10] AS first_ten
ORDER BY pages DESC, payer_key
LIMIT toInteger($limit)
