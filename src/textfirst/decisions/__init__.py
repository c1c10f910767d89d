"""May we, when, by what: facts in, reasons out."""
