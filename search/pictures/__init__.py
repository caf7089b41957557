"""Pictures of posts: known again by what they show (perceptual hash), and read (Tesseract)."""
