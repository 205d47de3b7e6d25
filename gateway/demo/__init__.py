"""A house full of sample people and conversations, for `throughline demo` only."""
