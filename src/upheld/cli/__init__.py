"""The command line: a file a command, loaded only when it is called."""
