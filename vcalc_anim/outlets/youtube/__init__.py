"""What a lecturer uploads to YouTube: films with an end card, thumbnails, texts, captions, shorts."""
