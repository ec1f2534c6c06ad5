// Every asset with the attributes that signals look at
MATCH (a:Asset)
RETURN a.key AS asset, a.platform AS platform, a.kind AS kind, a.id AS id, a.name AS name, a.handle AS handle,
       a.category AS category, a.created_at AS created_at,
       a.country AS country, a.language AS language, a.followers AS followers, a.members AS members,
       a.verified AS verified, a.confirmed_owner AS confirmed_owner, a.profile_image_hash AS picture,
       a.admin_countries AS admin_countries, a.admin_country_counts AS admin_country_counts,
       a.history_events AS history_events, a.url AS url
ORDER BY asset
