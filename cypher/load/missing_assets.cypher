// Which of these keys are not in the graph yet
// :param keys => []
UNWIND $keys AS key
WITH key WHERE NOT EXISTS { (:Asset {key: key}) }
RETURN key
