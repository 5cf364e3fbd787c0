"""What a researcher calls: each call reads as the method it carries out, and the rooms below do the work."""
