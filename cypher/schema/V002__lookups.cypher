// Lookups: what an analyst starts from
// Names, handles and ids as pasted from a report or a Page; operations by rank; coordinated edges by layer.
CREATE INDEX asset_id IF NOT EXISTS FOR (n:Asset) ON (n.id);
CREATE INDEX asset_name IF NOT EXISTS FOR (n:Asset) ON (n.name);
CREATE INDEX asset_handle IF NOT EXISTS FOR (n:Asset) ON (n.handle);
CREATE INDEX operation_rank IF NOT EXISTS FOR (n:Operation) ON (n.rank);
CREATE INDEX coordinated_layer IF NOT EXISTS FOR ()-[r:COORDINATED]-() ON (r.layer);
CREATE FULLTEXT INDEX names IF NOT EXISTS FOR (n:Asset|Payer) ON EACH [n.name, n.handle];
