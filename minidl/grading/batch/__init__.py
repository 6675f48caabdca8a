"""Grades a folder of submitted notebooks: finds them, has them judged, writes marks and reports."""
