"""What the consumers do with a release. These modules run in the consumers' own environment, without our site."""
