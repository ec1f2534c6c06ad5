// Remove memberships that earlier runs left
// :param run => ''
// :param limit => 50000
MATCH ()-[part:PART_OF]->()
WHERE part.run <> $run
WITH part LIMIT $limit
DELETE part
