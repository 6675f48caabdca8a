"""The learner's pieces: kept in a file, put in the place of minidl's own, taken out again."""
