"""Every act on a story and every look at private material, append-only and hash-chained."""
