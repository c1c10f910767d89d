"""Files of contacts: CSV read and written row by row, workbooks turned into CSV by a process of their own."""
