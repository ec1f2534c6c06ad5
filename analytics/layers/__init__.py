"""Tested coordinated edges, from the action log and from the graph."""
