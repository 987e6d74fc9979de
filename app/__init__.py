"""tipin: every manufacturing job is an occasion; its card is ready before the parcel is."""
