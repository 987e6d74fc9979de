"""Files of one card or of a hundred thousand: blocks of cards, written apart and then put together."""
