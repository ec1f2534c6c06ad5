// Keep dismissed operations out of the alerts
// Those below the alert threshold are no alerts anyway.
// :param operations => []
MATCH (operation:Operation)
WHERE operation.id IN $operations AND NOT coalesce(operation.candidate, false)
SET operation.candidate = true, operation.quiet = true
