"""One plug-in of each kind for same-image-locator, each a module of its own."""
