"""`textfirst up`: one process that starts the others, watches them and stops them. It imports no Django and stays small.

trouble     what can keep us from starting, each with an exit code
home        the folder we live in: its rights, its room, its lock
ports       whether the addresses we want are free
journal     logs of all processes: JSON in files, rotated; a human line on the screen when it matters
child       one process: started, heard, started again with growing pauses
postgres    the embedded server made ready
up          the plan that puts them together
state       what a running supervisor tells `textfirst status`
"""
