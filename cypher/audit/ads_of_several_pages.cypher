// Ads that more than one asset ran, or none although the file names one
MATCH (ad:Ad)
WITH ad, count { (:Asset)-[:RAN]->(ad) } AS runners
WHERE runners <> CASE WHEN ad.page_id STARTS WITH 'unknown/' THEN 0 ELSE 1 END
RETURN ad.key AS key, runners
