"""Safe with a secret: privacy and security, shown."""
