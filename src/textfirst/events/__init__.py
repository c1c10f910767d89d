"""What happened, as rows in the caller's transaction; read with a cursor that loses nothing."""
