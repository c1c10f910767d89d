"""The judge of a drill: reads the carrier's own log of raw frames with a third-party codec, joins it with the database, and counts.

Nothing in this folder imports anything else of Textfirst, and an import contract sees to it: what is judged must not grade itself. What it
must know of the two borders it reads them by, the log's format and a few tables, it says again here in its own words.
"""
