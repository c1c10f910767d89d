"""Rules about contacts, without a database: how text is compared, what a segment means, how a file is understood."""
