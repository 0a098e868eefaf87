"""One file, one way in and out; `base` holds the contract they share."""
