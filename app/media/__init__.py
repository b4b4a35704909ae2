"""Files handed in: taken into the vault, decoded in a process apart, made into what can be shown."""
