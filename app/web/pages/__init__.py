"""The operator's pages: what needs me now, why is it so, what happens next."""
