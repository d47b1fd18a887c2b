"""What the user set: flags, environment, config.toml."""
