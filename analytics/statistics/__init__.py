"""Numbers in, estimates out. Knows no word of medicine."""
