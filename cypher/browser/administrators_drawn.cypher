// Pages and their administrators, drawn
// Who runs what in an operation, with what each administrator runs besides.
// :param operation => ''
// :param limit => 200
MATCH (o:Operation)
WHERE o.id = $operation OR ($operation = '' AND o.rank = 1 AND NOT coalesce(o.candidate, false))
MATCH (o)<-[:PART_OF]-(member:Asset)
MATCH drawn = (member)<-[:ADMINISTERS]-(:Account)-[:ADMINISTERS]->(:Asset)
RETURN drawn
LIMIT toInteger($limit)
