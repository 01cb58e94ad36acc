"""Bytes become canonical tables and findings; a file's mistake is a finding and never raised."""
