"""Reach without spying: how often stories were looked at, by day and place, and nothing about who looked."""
