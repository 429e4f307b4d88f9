"""What tests share: a PostgreSQL server, databases with the schema, Chromium."""
