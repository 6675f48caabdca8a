"""What `benchmarks.gpu` is made of: tasks, ways to run them, a worker for each way, tables."""
