// How large is it?
// Its members by platform, kind and role, with their followers, and when they were made.
// :param operation => ''
MATCH (o:Operation)
WHERE o.id = $operation OR ($operation = '' AND o.rank = 1 AND NOT coalesce(o.candidate, false))
MATCH (a:Asset)-[part:PART_OF]->(o)
RETURN o.id AS operation, a.platform AS platform, a.kind AS kind, part.role AS role, count(*) AS number,
       sum(a.followers) AS followers, sum(a.members) AS group_members, min(a.created_at) AS first_made,
       max(a.created_at) AS last_made, count(a.removed_at) AS removed
ORDER BY platform, kind, role
