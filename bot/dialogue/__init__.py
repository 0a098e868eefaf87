"""Dialogue files: how a conversation is written down, played and checked."""
