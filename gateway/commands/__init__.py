"""What the command line does, apart from the commands' own words in gateway.cli."""
