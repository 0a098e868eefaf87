"""The tests; `tests.doubles` plays the world outside."""
