"""What every file for PowerPoint shares: its master and layouts, films that start by themselves, the same bytes."""
