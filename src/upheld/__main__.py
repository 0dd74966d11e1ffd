"""`python -m upheld` and the command `upheld`."""

from upheld.cli.main import main

if __name__ == "__main__":
    main()
