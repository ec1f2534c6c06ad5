"""Mappings: a YAML file that says how any other source becomes canonical tables."""

from ingest.mapping.profile import read_mapping

__all__ = ["read_mapping"]
