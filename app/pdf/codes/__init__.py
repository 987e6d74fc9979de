"""Machine-readable codes: QR, Data Matrix, Code 128, EAN and UPC, from text to operators."""
