// Pages and Groups that share an administrator
// One row a pair and shared administrator. Administrators of more than max_degree assets are left out: such an account
// (an agency's, a platform partner's) says nothing about any one pair.
// degree: the assets that hold the thing; _at: since when it administers each, where known.
// :param max_degree => 50
MATCH (admin:Account)
WITH admin, count { (admin)-[:ADMINISTERS]->() } AS degree
WHERE 2 <= degree <= $max_degree
MATCH (source:Asset)<-[one:ADMINISTERS]-(admin)-[other:ADMINISTERS]->(target:Asset)
WHERE source.key < target.key
RETURN source.key AS source, target.key AS target, 'admin' AS object_kind, admin.key AS object, degree,
       one.since AS source_at, other.since AS target_at
