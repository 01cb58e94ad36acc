"""Results and words as documents."""
