"""Notices in chat: written, approved, moved, taken back, answered."""
