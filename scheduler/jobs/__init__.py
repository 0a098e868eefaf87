"""One file, one timed job; found by folder."""
