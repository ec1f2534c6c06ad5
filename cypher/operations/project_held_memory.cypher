// Memory that finding assets like the members of an operation needs, by GDS's own estimates, before anything is projected
// Counts come from the store, so that this takes no time; ties that the projection leaves out are among them.
// :param most => 10
CALL () { MATCH (node:Asset) RETURN count(node) AS assets }
CALL () { MATCH (node:Identifier) RETURN count(node) AS identifiers }
CALL () { MATCH (node:Payer) RETURN count(node) AS payers }
CALL () { MATCH ()-[tie:ADMINISTERS]->() RETURN count(tie) AS administers }
CALL () { MATCH ()-[tie:MEMBER_OF]->() RETURN count(tie) AS members }
CALL () { MATCH ()-[tie:LIKES]->() RETURN count(tie) AS likes }
CALL () { MATCH ()-[tie:FOLLOWS]->() RETURN count(tie) AS follows }
CALL () { MATCH ()-[tie:USES]->() RETURN count(tie) AS uses }
CALL () { MATCH ()-[tie:PAID_FOR_BY]->() RETURN count(tie) AS paid }
WITH assets + identifiers + payers AS nodes,
     2 * (administers + members + likes + follows) + uses + paid AS relationships
CALL gds.graph.project.estimate('*', '*', {
  nodeCount: nodes, relationshipCount: relationships, relationshipProperties: 'strength'
}) YIELD bytesMin AS projection
CALL gds.nodeSimilarity.filtered.stream.estimate({
  nodeProjection: '*', relationshipProjection: '*', nodeCount: nodes, relationshipCount: relationships
}, {topK: $most, concurrency: 1}) YIELD bytesMin AS similarity
CALL gds.debug.sysInfo() YIELD key, value
WITH * WHERE key = 'heapMaxInBytes'
RETURN nodes, relationships, projection + similarity AS needed, value AS heap
