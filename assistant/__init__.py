"""From a visitor's question to a cited Dutch answer that always carries the disclaimer.

The way of the data: ``retrieve`` → ``confidence`` → ``extract`` → ``answer``; ``reply`` runs it for every channel.
"""
