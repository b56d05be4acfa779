"""What trains: frozen releases of judgements as files."""
