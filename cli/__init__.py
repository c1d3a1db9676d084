"""The `./retail` command: standard library only, so that nothing is installed before it."""
