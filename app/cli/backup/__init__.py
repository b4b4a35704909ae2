"""`flask backup` and `flask restore`: a sealed copy of everything, and the way back that erases again."""
