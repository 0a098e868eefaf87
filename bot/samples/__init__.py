"""Examples of the values that templates ask for, one module a subject."""
