// Write tested edges
// :param rows => []
// :param run => ''
UNWIND $rows AS row
MATCH (source:Asset {key: row.source})
MATCH (target:Asset {key: row.target})
MERGE (source)-[edge:COORDINATED {layer: row.layer}]->(target)
SET edge.weight = row.weight, edge.objects = row.objects, edge.expected = row.expected,
    edge.p_value = row.p_value, edge.q_value = row.q_value, edge.strength = row.strength,
    edge.first_at = row.first_at, edge.last_at = row.last_at, edge.run = $run
