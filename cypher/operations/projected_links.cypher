// Every relationship of a projection, from its end with the smaller number
// :param name => ''
CALL gds.graph.relationshipProperty.stream($name, 'strength')
YIELD sourceNodeId, targetNodeId, relationshipType, propertyValue
WITH * WHERE sourceNodeId < targetNodeId
RETURN sourceNodeId AS source, targetNodeId AS target, relationshipType AS type, propertyValue AS strength
