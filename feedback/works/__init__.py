"""What is judged: collections, prompts, works, their files and their rights."""
