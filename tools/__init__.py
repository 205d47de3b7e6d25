"""What sets a machine up to run, test and check Throughline."""
