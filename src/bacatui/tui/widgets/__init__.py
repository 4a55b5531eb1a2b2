"""Our own widgets: line-drawn, so that a key repaints two rows and not a screen."""
