"""The course as files: where the lessons are, and what is made of them."""

from .finding import PACKAGE, Lesson, find_exercise, find_lesson, lessons

__all__ = ["PACKAGE", "Lesson", "find_exercise", "find_lesson", "lessons"]
