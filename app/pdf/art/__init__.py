"""Art: a template's drawings as form XObjects in the brand's inks, a signature as an image mask."""
