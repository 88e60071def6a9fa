"""`python -m launcher up|manage|test ...`, as `bin/` calls it."""

import sys

from launcher.terminal import complain


def main() -> int:
    """Hand over to the command; gives its exit code."""
    what, arguments = sys.argv[1:2], sys.argv[2:]
    if what == ["up"]:
        from launcher.up import main as command
    elif what == ["manage"]:
        from launcher.manage import main as command
    elif what == ["test"]:
        from launcher.checks import main as command
    else:
        complain("Use bin/up, bin/manage or bin/test.")
        return 2
    return command(arguments)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:  # before the command has its own way to end
        sys.exit(130)
