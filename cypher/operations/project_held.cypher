// Project what each asset holds, to find who is most like the members of an operation
// Administrators, members and followers, in both directions; identifiers; who paid. Each leads from the asset to the thing, with
// the weight that structural layers give a thing of so many holders; what one asset or more than max_degree hold is left out.
// Members of the operation have the label Member there, all other assets Other.
// :param name => ''
// :param operation => ''
// :param max_degree => 50
CALL () {
  MATCH (holder:Asset)-[:ADMINISTERS]-(thing:Asset)
  RETURN holder, thing, 'ADMINISTERS' AS how
UNION
  MATCH (holder:Asset)-[:MEMBER_OF|LIKES|FOLLOWS]-(thing:Asset)
  RETURN holder, thing, 'FOLLOWS' AS how
UNION
  MATCH (holder:Asset)-[:USES]->(thing:Identifier)
  RETURN holder, thing, 'USES' AS how
UNION
  MATCH (holder:Asset)-[:RAN]->(:Ad)-[:PAID_FOR_BY]->(thing:Payer)
  RETURN holder, thing, 'PAID' AS how
}
WITH thing, how, collect(holder) AS holders
WHERE 2 <= size(holders) <= $max_degree
WITH thing, holders, log(7) / log(5 + size(holders)) AS strength
UNWIND holders AS holder
WITH holder, thing, max(strength) AS strength
ORDER BY holder.key, thing.key
RETURN gds.graph.project($name, holder, thing, {
  sourceNodeLabels: CASE WHEN EXISTS { (holder)-[:PART_OF]->(:Operation {id: $operation}) } THEN 'Member' ELSE 'Other' END,
  targetNodeLabels: CASE WHEN EXISTS { (thing)-[:PART_OF]->(:Operation {id: $operation}) } THEN 'Member'
                         WHEN thing:Asset THEN 'Other' ELSE 'Thing' END,
  relationshipProperties: {strength: strength}
}) AS projected
