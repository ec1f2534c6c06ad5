// Assets whose key, label, platform, kind and id disagree
// The key of an asset is platform:kind:id, and its label says the kind.
MATCH (asset:Asset)
WHERE asset.key IS NULL
   OR asset.key <> asset.platform + ':' + asset.kind + ':' + asset.id
   OR NOT asset.kind IN ['account', 'page', 'group']
   OR (asset.kind = 'account') <> asset:Account
   OR (asset.kind = 'page') <> asset:Page
   OR (asset.kind = 'group') <> asset:Group
   OR asset.platform IS NULL OR asset.kind IS NULL OR asset.id IS NULL
RETURN asset.key AS key, labels(asset) AS labels, asset.platform AS platform, asset.kind AS kind, asset.id AS id
