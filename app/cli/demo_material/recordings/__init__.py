"""Synthetic recordings for the demo, and how they were made."""
