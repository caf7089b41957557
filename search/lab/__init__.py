"""The rule lab: packs as an office changes them, tried before they count, with two persons for going live."""
