// Memory that community detection needs, by GDS's own estimates, before anything is projected
// Counts come from the store, so that this takes no time; ties that the projection leaves out are among them.
CALL () { MATCH (node:Asset) RETURN count(node) AS assets }
CALL () { MATCH (node:Identifier) RETURN count(node) AS identifiers }
CALL () { MATCH (node:Payer) RETURN count(node) AS payers }
CALL () { MATCH ()-[edge:COORDINATED]->() RETURN count(edge) AS coordinated }
CALL () { MATCH ()-[tie:ADMINISTERS]->() RETURN count(tie) AS administers }
CALL () { MATCH ()-[tie:USES]->() RETURN count(tie) AS uses }
CALL () { MATCH ()-[tie:PAID_FOR_BY]->() RETURN count(tie) AS paid }
WITH assets + identifiers + payers AS nodes, coordinated + administers + uses + paid AS relationships
CALL gds.graph.project.estimate('*', '*', {
  nodeCount: nodes, relationshipCount: 2 * relationships, relationshipProperties: 'strength'
}) YIELD bytesMin AS projection
CALL gds.leiden.stream.estimate({
  nodeProjection: '*', relationshipProjection: '*', nodeCount: nodes, relationshipCount: 2 * relationships
}, {concurrency: 1}) YIELD bytesMin AS leiden
CALL gds.debug.sysInfo() YIELD key, value
WITH * WHERE key = 'heapMaxInBytes'
RETURN nodes, relationships, projection + leiden AS needed, value AS heap
