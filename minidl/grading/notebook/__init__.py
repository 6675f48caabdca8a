"""What a learner calls in a notebook: checks, guesses, progress, the score."""
