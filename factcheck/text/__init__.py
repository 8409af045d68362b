"""Text in any language: pure functions with exact offsets, no I/O beyond packaged data."""
