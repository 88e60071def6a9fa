"""Browser tests and fault drills on the real product: its own processes, files and clock."""
