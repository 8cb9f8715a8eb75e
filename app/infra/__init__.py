"""What surrounds the rules: settings, logs, clock, database, mail, queue, tools."""
