// Leiden's community of every node of a projection, with one thread and a seed
// :param name => ''
// :param gamma => 1.0
// :param seed => 0
CALL gds.leiden.stream($name, {
  relationshipWeightProperty: 'strength', gamma: $gamma, randomSeed: $seed, concurrency: 1
}) YIELD nodeId, communityId
RETURN nodeId AS node, communityId AS community
