// How many assets the graph holds
MATCH (a:Asset)
RETURN count(a) AS assets
