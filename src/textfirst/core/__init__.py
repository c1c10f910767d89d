"""Words everyone shares: ids, clock, addresses, errors, process settings. No I/O, no framework."""
