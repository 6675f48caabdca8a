"""The laws of the house as functions: sources in, a sentence for each fault out."""
