// Record a migration as applied
// :param version => 0
// :param name => ''
// :param checksum => ''
MERGE (migration:Migration {version: $version})
ON CREATE SET migration.name = $name, migration.checksum = $checksum, migration.applied_at = datetime()
