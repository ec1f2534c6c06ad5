"""Benchmarks: what is measured, each in a module with `run(graph) -> list[Row]`."""
