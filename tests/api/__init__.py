"""The gateway from the outside: its HTTP API, its sockets, and what it answers when its parts are away."""
