"""Speed, memory and hit rate, side by side with the recipe a LangChain user would write first."""
