"""Appointments and helping hands in chat."""
