// Operations, ranked, with the latest verdict on each
// Candidates (below the alert threshold) only if asked for, and after them what was decided on and is gone.
// :param include_candidates => false
MATCH (o:Operation)
WHERE $include_candidates OR NOT coalesce(o.candidate, false)
CALL (o) {
  OPTIONAL MATCH (d:Decision)-[:DECIDED]->(o)
  WHERE d.verdict IN ['confirmed', 'dismissed', 'watch']
  RETURN d.verdict AS decision
  ORDER BY d.at DESC, d.id DESC
  LIMIT 1
}
RETURN o.id AS operation_id, o.rank AS rank, o.score AS score,
       CASE WHEN coalesce(o.candidate, false) AND coalesce(o.status, '') <> 'gone' THEN 'candidate'
            ELSE o.status END AS status,
       coalesce(decision, '') AS decision, o.assets AS assets, o.pages AS pages, o.accounts AS accounts,
       o.groups AS groups, o.instagram_accounts AS instagram_accounts,
       o.followers_upper_bound AS followers_upper_bound, o.group_members_upper_bound AS group_members_upper_bound,
       o.ads AS ads, o.ad_spend AS ad_spend, o.first_ad AS first_ad, o.last_ad AS last_ad,
       o.first_seen AS first_seen, o.last_seen AS last_seen, o.countries AS countries, o.layers AS layers, o.why AS why,
       o.completeness AS completeness, o.page_followers AS page_followers, o.group_members AS group_members,
       o.instagram_followers AS instagram_followers, o.notice AS notice
ORDER BY coalesce(o.candidate, false), coalesce(o.status, '') = 'gone', o.rank, o.score DESC, o.id
