"""The demo plant of `make run`: two brands, three years of made-up history, and a morning's orders.

Everything comes from one seeded generator, so that the same day gives the same plant on every machine.
"""
