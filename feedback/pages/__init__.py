"""Home, sign-in, health, and what every page shares."""
