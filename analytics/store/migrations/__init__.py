"""How each version of the tables becomes the next; a released step is never edited."""
