"""Where results go beyond the films: quizzes in the formats that other tools read."""
