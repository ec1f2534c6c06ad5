// How many of the watched assets are there
MATCH (:Watchlist)-[:WATCHES]->(asset:Asset)
RETURN count(asset) AS assets
