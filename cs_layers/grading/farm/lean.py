"""A quick start for the many processes of a farm.

When jsonschema, which nbformat needs, finds `rfc3987_syntax`, it makes a grammar of international web addresses, for
two seconds of processor time. Notebooks have no such field.
"""

import sys


def import_jsonschema():
    """Import jsonschema without that grammar, unless somebody has imported it already."""
    if "jsonschema" in sys.modules or "rfc3987_syntax" in sys.modules:
        return
    sys.modules["rfc3987_syntax"] = None
    try:
        import jsonschema  # noqa: F401
    except ImportError:
        pass
    finally:
        del sys.modules["rfc3987_syntax"]
