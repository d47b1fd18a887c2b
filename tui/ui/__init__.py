"""The dashboard: draws what the session knows, and hears keys."""
