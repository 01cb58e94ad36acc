"""The pages, one file each: a page is a table of contents."""
