"""Layers to communities to operations to ranking to exports."""
