"""Canonical tables -> one row per course, and one per course and instrument."""
