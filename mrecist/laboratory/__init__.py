"""What stands beside the images: markers, liver function, gates."""
