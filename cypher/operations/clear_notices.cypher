// Forget notices, and let operations that were kept quiet speak again
MATCH (operation:Operation)
WHERE operation.notice IS NOT NULL OR operation.quiet
SET operation.candidate = CASE WHEN operation.quiet AND operation.status <> 'gone' THEN false ELSE operation.candidate END
REMOVE operation.notice, operation.quiet
