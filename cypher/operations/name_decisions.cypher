// Give decisions that were made in the graph itself the ids under which the workspace keeps them
// :param rows => []
UNWIND $rows AS row
MATCH (decision:Decision)
WHERE elementId(decision) = row.element
SET decision.id = row.id
