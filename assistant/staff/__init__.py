"""The console on which staff sees why the chat answers as it does, writes articles and keeps test questions."""
