// Relationships between the wrong kinds of node
MATCH (source)-[tie]->(target)
WITH source, tie, target, type(tie) AS type
WHERE NOT CASE type
  WHEN 'ADMINISTERS' THEN source:Account AND target:Page|Group
  WHEN 'RAN' THEN target:Ad AND (source:Page OR source:Account AND source.platform = 'instagram')
  WHEN 'PAID_FOR_BY' THEN source:Ad AND target:Payer
  WHEN 'USES' THEN source:Asset AND target:Identifier
  WHEN 'MEMBER_OF' THEN source:Account AND target:Group
  WHEN 'LIKES' THEN source:Asset AND target:Asset
  WHEN 'FOLLOWS' THEN source:Asset AND target:Asset
  WHEN 'FRIEND' THEN source:Asset AND target:Asset
  WHEN 'COORDINATED' THEN source:Asset AND target:Asset
  WHEN 'PART_OF' THEN source:Asset AND target:Operation
  WHEN 'SHOWS' THEN source:Operation AND target:Signal
  WHEN 'DECIDED' THEN source:Decision AND target:Operation
  WHEN 'WATCHES' THEN source:Watchlist AND target:Asset
  WHEN 'PRODUCED' THEN source:Run AND target:Operation
  WHEN 'LOADED_FROM' THEN source:Asset|Ad AND target:Source
  WHEN 'PUBLISHED' THEN source:Asset AND target:Post
  WHEN 'SHARES' THEN source:Post
  WHEN 'REPLIES_TO' THEN source:Post AND target:Post
  ELSE true
END
RETURN type, labels(source) AS source_labels, labels(target) AS target_labels, count(*) AS relationships
