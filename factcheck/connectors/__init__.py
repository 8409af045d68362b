"""Services that reports are pulled from: ReliefWeb, RSS and Atom feeds, UN News.

Each connector gives pages of `Reference`s and says what it left out and why; `base.pull` stores a page
before the next is asked for. docs/connectors.md says what each does.
"""
