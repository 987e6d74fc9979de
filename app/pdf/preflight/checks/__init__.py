"""One function a check, by theme. A new check is one decorated function in any module here."""
