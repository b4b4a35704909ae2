"""Makes the sounds of the consent texts and of the child's page; run it whenever a sentence changed."""
