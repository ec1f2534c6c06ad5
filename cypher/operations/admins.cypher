// Who administers what
// Not who has left when others came: what he ran before, and where he is, says nothing of them.
// :param handover_days => 7
MATCH (account:Account)-[tie:ADMINISTERS]->(asset:Asset)
// Handed over: as in operations/project.
WHERE NOT (tie.until IS NOT NULL AND EXISTS {
  MATCH (asset)<-[later:ADMINISTERS]-()
  WHERE later.since >= tie.until - duration({days: $handover_days})
    AND coalesce(later.until > tie.until, true)
})
RETURN DISTINCT account.key AS account, asset.key AS asset
ORDER BY account, asset
