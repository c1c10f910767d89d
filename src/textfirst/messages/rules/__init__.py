"""What is true of messages without asking anybody: status, reasons, templates, composing. No I/O, no framework."""
