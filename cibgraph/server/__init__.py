"""The embedded Neo4j server: install, configure, start, find again, stop."""
