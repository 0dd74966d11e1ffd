"""What is done without anybody asking: sources read, measures judged and entries placed when they are due, by a worker."""
