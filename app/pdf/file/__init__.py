"""A compact PDF writer: append-only objects, fonts subset to the glyphs shown, deterministic bytes."""
