// Indexes and constraints by name
SHOW INDEXES YIELD name, type
WHERE type <> 'LOOKUP'
RETURN name
