"""Setting up: channels connected, credentials checked, a deployment looked over."""
