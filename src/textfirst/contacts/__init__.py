"""People, identities, labels, lists, segments, import and export."""
