"""The conversation on a terminal: `repl` goes round, `lines` reads, the registry names what there is to
do, `on_article`, `on_collection`, `on_note` and `on_settings` do it, `show` and `derivation` say it."""
