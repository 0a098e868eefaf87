"""A second opinion from a language model, where the bot is not sure."""
