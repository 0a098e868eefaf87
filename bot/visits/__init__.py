"""Visits and rounds in chat: matched to the plan, recorded, with what they found."""
