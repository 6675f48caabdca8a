"""The batch: submissions in, marks out."""
