"""The pages: the demo chat, the console, health."""
