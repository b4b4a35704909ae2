"""Tools of the build and of the demo; nothing here runs in the product."""
