"""A child's contribution: its lifecycle, its versions, and the messages about it."""
