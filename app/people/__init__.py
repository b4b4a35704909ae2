"""Organisations, staff, storytellers and guardians; permissions as data; country profiles."""
