// Runs with all they say
MATCH (run:Run)
RETURN run.id AS run, properties(run) AS properties
