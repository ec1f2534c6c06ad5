// The record of migrations
// Runs before any migration: what was applied is kept once for each version.
CREATE CONSTRAINT migration_version IF NOT EXISTS FOR (n:Migration) REQUIRE n.version IS UNIQUE
