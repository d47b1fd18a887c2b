"""The layout of the archive's file: its version, its tables, and what tells it from other files."""

from __future__ import annotations

import os
import sqlite3

VERSION = 1
APPLICATION = 0x6F617555
"""Stands in the file's header, so that another program's file is never taken for an archive."""

_SCHEMA = """
CREATE TABLE secret (salt BLOB NOT NULL);
CREATE TABLE owner (id INTEGER PRIMARY KEY, endpoint TEXT NOT NULL, name TEXT NOT NULL, named INTEGER NOT NULL,
    used_at INTEGER NOT NULL, UNIQUE (endpoint, name));
CREATE TABLE admin_key (fingerprint BLOB PRIMARY KEY, owner INTEGER NOT NULL);
CREATE TABLE series (id INTEGER PRIMARY KEY, owner INTEGER NOT NULL, kind TEXT NOT NULL, width TEXT NOT NULL,
    grouping TEXT NOT NULL, filters TEXT NOT NULL, UNIQUE (owner, kind, width, grouping, filters));
CREATE TABLE bucket (series INTEGER NOT NULL, start INTEGER NOT NULL, read_at INTEGER NOT NULL, rows BLOB NOT NULL,
    PRIMARY KEY (series, start))
"""
_SALT = 16


def is_begun(connection: sqlite3.Connection) -> bool:
    """Return whether there is anything in the file: one that was made and not yet written to is empty."""
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return bool(tables or pragma(connection, "application_id") or pragma(connection, "user_version"))


def begin(connection: sqlite3.Connection) -> None:
    """Make the tables of a new file."""
    for statement in _SCHEMA.split(";"):
        connection.execute(statement)
    connection.execute("INSERT INTO secret VALUES (?)", (os.urandom(_SALT),))
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.execute(f"PRAGMA user_version = {VERSION}")


def pragma(connection: sqlite3.Connection, name: str) -> int:
    """Return a number that stands in the file's header."""
    (value,) = connection.execute(f"PRAGMA {name}").fetchone()
    return int(value)
