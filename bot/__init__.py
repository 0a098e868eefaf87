"""Talks: channels, understanding, handlers, delivery and the pages."""
