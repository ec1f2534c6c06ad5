"""Signals: one measured trait of an operation a module."""
