"""Where buckets come from: the API, the archive in front of it, the demo."""
