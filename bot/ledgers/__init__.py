"""Forms and ledgers: tables made of the logs, and their files."""
