"""The screens: the main one, and the few that open over it."""
