"""What keeps a student's process apart: each file is one layer, `probe` tries them from inside."""
