"""Everything that speaks Cypher: the queries, and the thin Python that runs them."""
