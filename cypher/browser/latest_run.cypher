// What did the last run do?
// When it ran, with which version, seed, settings and inputs. Results of two runs compare only where these agree.
// :param limit => 200
MATCH (r:Run)
RETURN r.id AS run, r.command AS command, r.started_at AS started_at, r.finished_at AS finished_at,
       r.version AS version, r.seed AS seed, COUNT { (r)-[:PRODUCED]->(:Operation) } AS operations,
       r.inputs AS inputs, r.settings AS settings
ORDER BY started_at DESC
LIMIT toInteger($limit)
