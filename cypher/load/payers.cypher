// Who paid for ads, or had them paid for
// :param rows => []
UNWIND $rows AS row
MERGE (payer:Payer {key: row.key})
SET payer += row
