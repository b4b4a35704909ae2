"""Makes the recordings of the demo; run by hand when one should change."""
