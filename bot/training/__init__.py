"""Trains the model from the lines in this folder; only `make train` and tests import it."""
