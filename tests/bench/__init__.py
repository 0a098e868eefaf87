"""The benchmark: a real service, its real channel, a lean platform, and people who write."""
