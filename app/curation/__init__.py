"""Curating: what stands around the children's stories, and in which order they are shown."""
