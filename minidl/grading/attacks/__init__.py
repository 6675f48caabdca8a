"""The list of attacks on the judge, and what tells whether one got anywhere."""
