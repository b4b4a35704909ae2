"""The one rule and its projection: the only door through which the public sees a story."""
