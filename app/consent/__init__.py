"""What each party answered about each place: scopes, texts, and the append-only ledger."""
