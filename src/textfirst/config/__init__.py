"""Settings, urls, wiring: the one place that knows everything."""
