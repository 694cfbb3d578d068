"""No child is forked in the middle of what a thread of its parent does: it would inherit locks that nobody ever opens.

with between_forks:
    …
"""

import os
import threading

between_forks = threading.Lock()

os.register_at_fork(
    before=between_forks.acquire,
    after_in_parent=between_forks.release,
    after_in_child=between_forks.release,
)
