// Ads that more or fewer than one Page ran
MATCH (ad:Ad)
WHERE count { (:Page)-[:RAN]->(ad) } <> 1
RETURN ad.key AS key, count { (:Page)-[:RAN]->(ad) } AS pages
