"""The conversation on a terminal: `repl` reads, `commands` does, `show` says, `sessions` keeps."""
