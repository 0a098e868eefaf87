"""What handlers share about cases: where it is, whose it is, which one is meant."""
