"""`python -m launcher up|manage|test ...`, as `bin/` calls it."""

import sys

from launcher.terminal import complain


def main() -> int:
    what, arguments = sys.argv[1:2], sys.argv[2:]
    if what == ["up"]:
        from launcher import up

        return up.main(arguments)
    if what == ["manage"]:
        from launcher import manage

        return manage.main(arguments)
    if what == ["test"]:
        from launcher import checks

        return checks.main(arguments)
    complain("Use bin/up, bin/manage or bin/test.")
    return 2


if __name__ == "__main__":
    sys.exit(main())
