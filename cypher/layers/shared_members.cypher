// Which accounts are members of each Group, and which like or follow each Page
// at: since when, where known.
MATCH (account:Account)-[tie:MEMBER_OF|LIKES|FOLLOWS]->(asset:Group|Page)
RETURN asset.key AS asset, account.key AS object, coalesce(tie.since, tie.at) AS at
