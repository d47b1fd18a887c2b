"""How the dashboard reaches a terminal: what it sends, what it hears, and how it gives the terminal back."""
