"""What runs in the sandbox beside the learner's code, and nothing else."""
