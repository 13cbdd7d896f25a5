"""Exports: for each format one function from what a record says to text for other programs."""
