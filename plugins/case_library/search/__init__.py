"""Search: an index of static files, written here and read in the browser by `search.js`."""
