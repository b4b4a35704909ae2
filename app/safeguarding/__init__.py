"""Cases opened when a story discloses harm; an open case is a hold on publication."""
