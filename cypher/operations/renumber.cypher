// Rank operations: alerts from 1, then candidates; what is gone has no rank
MATCH (operation:Operation)
WITH operation ORDER BY coalesce(operation.candidate, false), operation.score DESC, operation.assets DESC, operation.id
WITH collect(CASE WHEN coalesce(operation.status, '') <> 'gone' THEN operation END) AS ranked,
     collect(CASE WHEN operation.status = 'gone' THEN operation END) AS gone
FOREACH (operation IN gone | REMOVE operation.rank)
WITH ranked
UNWIND range(1, size(ranked)) AS rank
WITH ranked[rank - 1] AS operation, rank
SET operation.rank = rank
