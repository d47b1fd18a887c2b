"""One run of the program, without a screen: what is known, what happens, what follows."""
