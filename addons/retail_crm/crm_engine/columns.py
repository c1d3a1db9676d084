"""Finding which column of a file holds which field, from names and aliases."""

import re
import unicodedata


def plain_name(name: str) -> str:
    """Return a column's name without case, width, blanks and punctuation, to compare by."""
    name = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"[\W_]+", "", name)


def guess_columns(
    header: list[str], names: dict[str, list[str]], chosen: dict[str, str] | None = None
) -> dict[str, int]:
    """Return {field: index of its column}.

    ``names`` gives each field's names and aliases, best first; ``chosen`` gives
    {column name: field or ""} as users mapped them, which goes before any guess and takes the
    column out of guessing. A column serves one field only.
    """
    plain = [plain_name(name) for name in header]
    result: dict[str, int] = {}
    taken: set[int] = set()
    for name, target in (chosen or {}).items():
        if plain_name(name) in plain:
            index = plain.index(plain_name(name))
            taken.add(index)
            if target:
                result[target] = index
    for rank in range(max(map(len, names.values()), default=0)):
        for target, aliases in names.items():
            if target in result or rank >= len(aliases):
                continue
            alias = plain_name(aliases[rank])
            found = next((i for i, n in enumerate(plain) if n == alias and i not in taken), None)
            if alias and found is not None:
                result[target] = found
                taken.add(found)
    return result
