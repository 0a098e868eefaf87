"""Remembers: SQLAlchemy lives only here."""
