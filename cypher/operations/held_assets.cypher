// Which of the assets named the graph holds
// :param keys => []
MATCH (a:Asset)
WHERE a.key IN $keys
RETURN a.key AS asset
