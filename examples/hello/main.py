"""Says where it runs and what it sees."""
import os
import pathlib

here = pathlib.Path(__file__).parent
print("Hello from", here)
print("I see", ", ".join(sorted(entry.name for entry in here.iterdir())))
try:
    (here / "note.txt").write_text("x")
except OSError as error:
    print("I cannot write here:", os.strerror(error.errno))
else:
    print("I wrote note.txt")
