"""What officers' decisions say of the rules: precision, phrases that are missing, and a second opinion."""
