// Project coordinated edges and ties for community detection
// Coordinated edges count with their strength; those of weak layers are likenesses, and called so. Raw ties (who
// administers what, shared identifiers, who paid, copied ads) are facts rather than tested edges; they attach
// accounts to the Pages they run, and weigh less the more assets share them. Names of payers are names: a Page's
// payers together weigh as much as one.
// Who has left when others came has handed a Page over, sold or stolen: his family and other Pages are not theirs.
// Rows are ordered by key, so that the projection, and with it the seeded result, does not depend on load order.
// :param name => ''
// :param max_degree => 50
// :param max_pages => 50
// :param weak => []
// :param extra => []
// :param tie_strength => 2.0
// :param handover_days => 7
CALL () {
  CALL () {
    MATCH (a:Asset)-[edge:COORDINATED]->(b:Asset)
    RETURN a, b, CASE WHEN edge.layer IN $weak THEN 'ALIKE' ELSE 'COORDINATED' END AS type,
           edge.strength AS strength
  UNION ALL
    UNWIND $extra AS row
    MATCH (a:Asset {key: row[0]})
    MATCH (b:Asset {key: row[1]})
    RETURN a, b, 'COORDINATED' AS type, row[2] AS strength
  }
  RETURN a AS source, b AS target, a.key AS source_key, b.key AS target_key, type, sum(strength) AS strength
UNION ALL
  MATCH (a:Account)-[tie:ADMINISTERS]->(asset:Asset)
  // Handed over: as in operations/admins.
  WHERE NOT (tie.until IS NOT NULL AND EXISTS {
    MATCH (asset)<-[later:ADMINISTERS]-()
    WHERE later.since >= tie.until - duration({days: $handover_days})
      AND coalesce(later.until > tie.until, true)
  })
  WITH a, asset AS b, count { (a)-[:ADMINISTERS]->() } AS degree
  WHERE degree <= $max_degree
  RETURN a AS source, b AS target, a.key AS source_key, b.key AS target_key, 'ADMINISTERS' AS type,
         $tie_strength / log(2 + degree) AS strength
UNION ALL
  MATCH (a:Asset)-[:USES]->(b:Identifier)
  WITH a, b, count { (b)<-[:USES]-() } AS degree
  WHERE 2 <= degree <= $max_degree
  RETURN a AS source, b AS target, a.key AS source_key, b.key AS target_key, 'USES' AS type,
         $tie_strength / log(2 + degree) AS strength
UNION ALL
  MATCH (a:Asset)-[:RAN]->(:Ad)-[:PAID_FOR_BY]->(b:Payer)
  WITH DISTINCT a, b
  WITH a, collect(b) AS payers
  UNWIND payers AS b
  WITH b, collect([a, size(payers)]) AS pages
  WHERE 2 <= size(pages) <= $max_degree
  UNWIND pages AS page
  WITH b, page[0] AS a, $tie_strength / (log(2 + size(pages)) * page[1]) AS strength
  RETURN a AS source, b AS target, a.key AS source_key, b.key AS target_key, 'PAID' AS type, strength
UNION ALL
  MATCH (page:Asset)-[:RAN]->(ad:Ad)
  UNWIND [ad.text_fingerprint, ad.audience] AS creative
  WITH creative, page WHERE creative IS NOT NULL
  WITH creative, collect(DISTINCT page) AS pages
  WHERE 2 <= size(pages) <= $max_pages
  UNWIND pages AS a
  UNWIND pages AS b
  WITH a, b, sum($tie_strength / (log(2 + size(pages)) * size(pages))) AS strength
  WHERE a.key < b.key
  RETURN a AS source, b AS target, a.key AS source_key, b.key AS target_key, 'ADVERTISED' AS type, strength
}
WITH source, target, type, strength
ORDER BY source_key, target_key, type
RETURN gds.graph.project($name, source, target,
                         {relationshipType: type, relationshipProperties: {strength: strength}},
                         {undirectedRelationshipTypes: ['*']}) AS projected
