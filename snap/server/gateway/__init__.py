"""What serves clients: sockets now; see `gateway.Gateway`."""
