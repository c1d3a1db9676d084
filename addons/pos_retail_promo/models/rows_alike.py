"""Rows of discount products for a till: there is one for each promotion, all made alike."""


def rows_alike(alike, records, own, config, read):
    """Return the rows of records for a till, of those that are alike only one read whole.

    own: names of fields that differ and are no columns; read: the method (records, config) that
    reads rows. Only what is computed or linked besides is taken from the first: computing it
    costs a till's start half a millisecond for each promotion, and nobody looks at it, since
    discount products are neither shown nor sold.
    """
    if len(alike) < 2:
        return read(records, config)
    first, others = alike[0], alike[1:]
    rows = read(records - others, config)
    sample = next((row for row in rows if row["id"] == first.id), None)
    if not sample:
        # The till may not read it.
        return [*rows, *read(others, config)]
    names = [
        name
        for name, field in others._fields.items()
        if name in sample and (name in own or (field.store and field.column_type))
    ]
    read_others = others._filtered_access("read").read(names, load=False)
    return [*rows, *({**sample, **row} for row in read_others)]
