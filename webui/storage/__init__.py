"""The store of files as a whole: what is in it, how it grows, what of it goes and when (lưu trữ)."""
