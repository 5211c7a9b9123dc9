"""Quizzes: the questions of the scripts, verified by the core, in the formats that other tools read."""
