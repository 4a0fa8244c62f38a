"""Does an article say what this sentence says? Every sentence a language model phrased is read against its passage.

``reading`` takes a sentence apart, ``lexicon`` knows which words change what is said, ``quantities`` reads numbers with
their units, ``cover`` finds each word in the passage, ``signals`` adds up what differs, ``verifier`` judges.
"""
