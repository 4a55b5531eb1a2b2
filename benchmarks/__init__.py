"""The budgets of bacatui, measured: `make bench`, or `python -m benchmarks --help`."""
