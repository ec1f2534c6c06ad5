// Who of others is most like each member of an operation, by what both hold (weighted Jaccard index)
// least: things that both must hold at least to be compared; most: others a member.
// :param name => ''
// :param least => 2
// :param most => 10
CALL gds.nodeSimilarity.filtered.stream($name, {
  sourceNodeFilter: 'Member', targetNodeFilter: 'Other', degreeCutoff: $least, topK: $most,
  relationshipWeightProperty: 'strength', concurrency: 1
}) YIELD node1, node2, similarity
WITH gds.util.asNode(node1) AS member, gds.util.asNode(node2) AS asset, similarity
RETURN asset.key AS asset, asset.name AS name, asset.kind AS kind, member.key AS member, member.name AS member_name,
       similarity
ORDER BY similarity DESC, asset, member
