"""Source profiles: one module a source format."""
