"""What is asked: studies, their criteria, and who may do what in them."""
