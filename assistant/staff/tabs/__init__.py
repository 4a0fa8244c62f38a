"""What stands on each tab of the console, and which buttons do what."""
