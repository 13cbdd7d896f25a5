"""The typed content model: what a writer may say, one declaration a field."""
