// Assets that are mentioned but that no table describes
// Such an asset has only what its key says, and comes from the source that mentioned it first.
// :param rows => []
// :param source => ''
MATCH (source:Source {id: $source})
UNWIND $rows AS row
MERGE (asset:Asset {key: row.key})
ON CREATE SET asset:$(row.label), asset.platform = row.platform, asset.kind = row.kind, asset.id = row.id
WITH asset, source WHERE NOT EXISTS { (asset)-[:LOADED_FROM]->() }
CREATE (asset)-[:LOADED_FROM]->(source)
