"""The error whose message is meant for the person who uses Segue."""


class SegueError(Exception):
    """Something a person can put right.

    The message is one clear sentence that says what to do next. The command
    line prints it and leaves with exit code 2; the dashboard shows it as it is.
    """
