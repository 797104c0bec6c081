"""From a sentence to a claim: what it says, which measures may speak of it, and the YAML in the end."""
