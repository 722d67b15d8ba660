"""The sandbox that templates run in: Jinja2's, which need not ask twice about what it is given."""

from __future__ import annotations

from typing import Any

from jinja2.sandbox import ImmutableSandboxedEnvironment


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja2's sandbox; the fields of a dataclass are data, and nothing else of it is.

    A large site reads millions of fields, and to ask of each what it might be takes half of the time.
    """

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether a template may read an attribute."""
        fields = getattr(type(obj), "__dataclass_fields__", None)
        if fields is not None and attr in fields:
            return True
        return super().is_safe_attribute(obj, attr, value)
