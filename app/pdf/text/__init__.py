"""Text as glyphs: cleaned, itemised, shaped by HarfBuzz, broken into lines by ICU, fitted to a frame."""
