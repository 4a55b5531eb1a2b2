"""The use cases of bacatui: fetch, parse, store, article, pictures, as a stream of results."""
