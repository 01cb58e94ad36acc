"""Results in words; the only place that rounds."""
