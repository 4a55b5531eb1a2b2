"""Polite HTTP: one exchange with its limits, and the rules of whom to ask when.

`Client` makes exchanges, `schedule` decides about them; nothing here knows what a feed or an article is.
"""
