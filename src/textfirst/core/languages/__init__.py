"""One module per language: English sentence → that language. English is the source and has none."""
