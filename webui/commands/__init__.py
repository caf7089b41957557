"""The commands of `rasoat`, by what they are about."""
