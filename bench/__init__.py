"""Benchmarks: what is measured, a module each; docs/benchmarks.md says how to read them."""
