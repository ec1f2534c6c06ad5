// Remove coordinated edges of the patient look
// Each ranking writes those within the operations that it finds; run again until nothing is left.
// :param limit => 50000
MATCH ()-[edge:COORDINATED]->()
WHERE edge.patient
WITH edge LIMIT $limit
DELETE edge
