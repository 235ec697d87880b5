"""What a database says about its own tables, so that two ways of making them can be compared."""

from tortoise.connection import get_connection

OURS = "tortoise_migrations"  # kept by the library: made by it, or by us in a form of our own


async def read_schema(address):
    """Return {table: everything that the database knows of it}, without the names that it chose itself."""
    if address.startswith("sqlite"):
        return await _read_sqlite(open_connection(address))
    return await _read_postgres(open_connection(address))


async def drop_everything(address):
    """Leave an empty database."""
    connection = open_connection(address)
    if address.startswith("postgres"):
        await connection.execute_script("DROP SCHEMA public CASCADE; CREATE SCHEMA public;")
        return
    tables = await _rows(
        connection, "SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite_%'"
    )
    drops = "".join(f'DROP TABLE "{name}";' for (name,) in tables)
    await connection.execute_script(f"PRAGMA foreign_keys=OFF;{drops}PRAGMA foreign_keys=ON;")


def open_connection(address):
    """Return the connection of the database that is open."""
    return get_connection("sqlite" if address.startswith("sqlite") else "postgres")


async def _read_sqlite(connection):
    schema = {}
    for (table,) in await _rows(connection, "SELECT name FROM sqlite_master WHERE type='table'"):
        if table in {OURS, "sqlite_sequence"}:
            continue
        indexes = await _rows(connection, f"PRAGMA index_list('{table}')")
        keys = await _rows(connection, f"PRAGMA foreign_key_list('{table}')")
        schema[table] = {
            "columns": sorted(
                column[1:] for column in await _rows(connection, f"PRAGMA table_info('{table}')")
            ),
            "keys": sorted(key[2:] for key in keys),
            "indexes": sorted(
                [
                    [
                        unique,
                        partial,
                        *(part[2:5] for part in await _rows(connection, f"PRAGMA index_xinfo('{name}')")),
                    ]
                    for _, name, unique, _, partial in indexes
                ]
            ),
        }
    return schema


async def _read_postgres(connection):
    columns = await _rows(
        connection,
        "SELECT table_name, column_name, data_type, character_maximum_length, column_default, is_nullable"
        " FROM information_schema.columns WHERE table_schema='public' ORDER BY table_name, column_name",
    )
    indexes = await _rows(connection, "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname='public'")
    constraints = await _rows(
        connection,
        "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE connamespace='public'::regnamespace",
    )
    schema = {}
    for table, *rest in columns:
        schema.setdefault(table, {"columns": [], "indexes": [], "constraints": []})["columns"].append(rest)
    for table, definition in indexes:
        # Without its name, which carries a number of the library.
        schema[table]["indexes"].append(definition.partition(" ON ")[2] + definition.partition("INDEX")[0])
    for table, definition in constraints:
        schema[table.strip('"')]["constraints"].append(definition)
    return {
        table: {name: sorted(found) for name, found in known.items()}
        for table, known in schema.items()
        if table != OURS
    }


async def _rows(connection, query):
    return [tuple(row.values()) for row in await connection.execute_query_dict(query)]
