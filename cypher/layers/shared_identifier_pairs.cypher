// Assets that share a device, address, phone, payment, domain or tag
// One row a pair and shared value. Values that more than max_degree assets use (a carrier's address, a public host) are
// left out.
// degree: the assets that hold the thing.
// :param max_degree => 50
MATCH (value:Identifier)
WITH value, count { (value)<-[:USES]-() } AS degree
WHERE 2 <= degree <= $max_degree
MATCH (source:Asset)-[one:USES]->(value)<-[other:USES]-(target:Asset)
WHERE source.key < target.key
RETURN source.key AS source, target.key AS target, value.kind AS object_kind, value.value AS object,
       degree, one.first_seen AS source_first, one.last_seen AS source_last, other.first_seen AS target_first,
       other.last_seen AS target_last
