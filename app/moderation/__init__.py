"""Claims, the checklist, and decisions: how a story is protected before anyone sees it."""
