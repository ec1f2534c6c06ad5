// What each asset looks like: its name, its picture, and when it was made
MATCH (a:Asset)
RETURN a.key AS asset, a.platform AS platform, a.kind AS kind, a.name AS name, a.created_at AS created_at,
       a.profile_image_hash AS picture
ORDER BY asset
