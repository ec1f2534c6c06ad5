// Pages and Groups that say who they belong to: verified, or with a confirmed owner
MATCH (asset:Asset)
WHERE NOT asset:Account AND (asset.verified OR asset.confirmed_owner IS NOT NULL)
RETURN asset.key AS asset
ORDER BY asset
