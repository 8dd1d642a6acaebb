"""Teaches the judges that are kept as files: `python -m bench.training guard|pins [--without AUTHOR]`.

With `--without` the sentences of that author are left out and judged afterwards, and no file is written:
so one sees what a judge does with an author it has never seen.
"""

from __future__ import annotations

import argparse


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("judge", choices=("guard", "pins"))
    parser.add_argument("--without", metavar="AUTHOR", nargs="*", default=[])
    options = parser.parse_args()
    if options.judge == "guard":
        from bench.training.guard import teach
    else:
        from bench.training.pins import teach
    teach(frozenset(options.without))


if __name__ == "__main__":
    main()
