"""Pages: for each page kind one function from records to a Page; templates turn it into HTML."""
