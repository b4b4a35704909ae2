"""Letters: one function per letter, an outbox that is saved with the change and sent after it."""
