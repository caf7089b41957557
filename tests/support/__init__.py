"""What tests start for themselves: servers and people."""
