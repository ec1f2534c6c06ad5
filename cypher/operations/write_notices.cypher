// What a reader must know of operations before all else
// :param rows => []
UNWIND $rows AS row
MATCH (operation:Operation {id: row.operation})
SET operation.notice = row.notice
