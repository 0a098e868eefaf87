"""The deployment folder: read, checked as a whole, and refused with every fault at once."""
