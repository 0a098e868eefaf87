"""Wakes: finds what is due and takes the same steps a person would take."""
