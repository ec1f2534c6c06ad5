// What is missing?
// Of how many of its members each trait is known. A trait that is not known is neither for nor against.
// :param operation => ''
MATCH (o:Operation)
WHERE o.id = $operation OR ($operation = '' AND o.rank = 1 AND NOT coalesce(o.candidate, false))
MATCH (a:Asset)-[:PART_OF]->(o)
UNWIND ['name', 'created_at', 'country', 'language', 'profile_image_hash', 'bio', 'about', 'followers', 'url',
        'admin_countries', 'history_events', 'confirmed_owner'] AS trait
WITH o, a.kind AS kind, trait, count(*) AS members, count(a[trait]) AS known
WHERE NOT (kind <> 'page' AND trait IN ['about', 'admin_countries', 'history_events', 'confirmed_owner'])
  AND NOT (kind <> 'account' AND trait IN ['language', 'bio'])
RETURN o.id AS operation, round(o.completeness, 2) AS completeness, kind, trait, members, known,
       round(100.0 * known / members) AS percent
ORDER BY kind, percent, trait
