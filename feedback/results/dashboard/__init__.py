"""The lead's page: five questions, each with a sentence made from the numbers, a picture, and its table."""
