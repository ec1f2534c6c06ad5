// What makes a database one that must not be exchanged: any node that neither the schema nor a run is
// Runs are written again; everything else is somebody's.
MATCH (node)
WHERE NOT node:Run AND NOT node:Migration
RETURN labels(node) AS labels
LIMIT 1
