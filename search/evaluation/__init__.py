"""Measures the shipped rules on labelled texts: how many lures are found, what is flagged by mistake."""
