// Write decisions as the workspace has them
// An operation that the graph does not hold (any more) is there as gone, so that its decision still shows.
// :param rows => []
UNWIND $rows AS row
MERGE (operation:Operation {id: row.operation})
ON CREATE SET operation.name = row.operation, operation.status = 'gone', operation.candidate = true,
              operation.score = row.score, operation.assets = row.assets, operation.run = row.run
MERGE (decision:Decision {id: row.id})
SET decision.verdict = row.verdict, decision.by = row.by, decision.note = row.note, decision.at = row.at,
    decision.run = row.run
MERGE (decision)-[:DECIDED]->(operation)
