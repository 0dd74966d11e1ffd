"""What runs a measure's query: DuckDB in a process of its own, and Spark for what outgrew it."""
