"""`rankings` beside the packages of its field, each in a process of its own: `make bench ARGS=rankings`."""
