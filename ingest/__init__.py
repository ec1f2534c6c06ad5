"""Source files to validated tables, the action log and the graph."""
