// Write tested edges
// Every run writes its own and then removes those of earlier runs, so edges are created rather than merged.
// :param rows => []
// :param run => ''
UNWIND $rows AS row
MATCH (source:Asset {key: row.source})
MATCH (target:Asset {key: row.target})
CREATE (source)-[:COORDINATED {layer: row.layer, weight: row.weight, objects: row.objects, expected: row.expected,
                               p_value: row.p_value, q_value: row.q_value, strength: row.strength,
                               first_at: row.first_at, last_at: row.last_at, patient: row.patient, run: $run}]->(target)
