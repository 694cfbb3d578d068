"""Which JSON schemas the API takes for structured output: a small part of the language, and every object closed."""

from typing import Any

from tests.doubles.claude.errors import invalid

Schema = dict[str, Any]
FORMATS = {"date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"}
ANYWHERE = {
    "type",
    "description",
    "title",
    "default",
    "enum",
    "const",
    "anyOf",
    "allOf",
    "$defs",
    "definitions",
}
OF_TYPE = {
    "object": {"properties", "required", "additionalProperties"},
    "array": {"items", "minItems"},
    "string": {"format"},
    "integer": set[str](),
    "number": set[str](),
    "boolean": set[str](),
    "null": set[str](),
}
MOST_OPTIONAL = 24
MOST_UNIONS = 16


def check_schema(schema: Schema, place: str) -> None:
    """Raises ApiError (400) that begins with the place."""
    _Checker(schema, place).check(schema, ())


class _Checker:
    def __init__(self, root: Schema, place: str) -> None:
        self._place = place
        self._definitions = {
            f"#/{where}/{name}": schema
            for where in ("$defs", "definitions")
            for name, schema in root.get(where, {}).items()
        }
        self._optional = 0
        self._unions = 0

    def check(self, schema: Any, refs: tuple[str, ...]) -> None:
        if not isinstance(schema, dict):
            self._refuse("a schema must be an object")
        if "$ref" in schema:
            self._ref(schema["$ref"], refs)
            return
        kinds = self._kinds(schema)
        self._keywords(schema, kinds)
        self._literals(schema)
        if "object" in kinds:
            self._object(schema, refs)
        if "array" in kinds:
            self._array(schema, refs)
        if schema.get("format", "date") not in FORMATS:
            self._refuse(f"For 'string' type, format '{schema['format']}' is not supported")
        for option in (*schema.get("anyOf", ()), *schema.get("allOf", ())):
            self.check(option, refs)

    def _kinds(self, schema: Schema) -> list[str]:
        kind = schema.get("type", [])
        kinds = kind if isinstance(kind, list) else [kind]
        for kind in kinds:
            if kind not in OF_TYPE:
                self._refuse(f"'{kind}' is not a type")
        if not kinds and not {"enum", "const", "anyOf", "allOf"} & set(schema):
            self._refuse("a schema must have a type, enum, const, anyOf, allOf or $ref")
        self._unions += isinstance(schema.get("type"), list) or "anyOf" in schema
        if self._unions > MOST_UNIONS:
            self._refuse(f"Schemas contains too many parameters with union types (limit: {MOST_UNIONS})")
        return kinds

    def _keywords(self, schema: Schema, kinds: list[str]) -> None:
        known = ANYWHERE.union(*(OF_TYPE[kind] for kind in kinds))
        for keyword in schema:
            if keyword not in known:
                self._refuse(f"For '{'/'.join(kinds) or 'any'}' type, property '{keyword}' is not supported")

    def _literals(self, schema: Schema) -> None:
        literals = [schema["const"]] if "const" in schema else schema.get("enum", [None])
        if not literals or any(isinstance(literal, (dict, list)) for literal in literals):
            self._refuse("enum and const take primitive values only, and at least one")

    def _object(self, schema: Schema, refs: tuple[str, ...]) -> None:
        if schema.get("additionalProperties") is not False:
            self._refuse("For 'object' type, 'additionalProperties' must be explicitly set to false")
        properties, required = schema.get("properties", {}), schema.get("required", [])
        if unknown := [name for name in required if name not in properties]:
            self._refuse(f"'required' names properties that do not exist: {', '.join(unknown)}")
        self._optional += len(properties) - len(required)
        if self._optional > MOST_OPTIONAL:
            self._refuse(f"Schemas contains too many optional parameters (limit: {MOST_OPTIONAL})")
        for part in properties.values():
            self.check(part, refs)

    def _array(self, schema: Schema, refs: tuple[str, ...]) -> None:
        if schema.get("minItems", 0) not in {0, 1}:
            self._refuse("For 'array' type, 'minItems' values other than 0 or 1 are not supported")
        if "items" in schema:
            self.check(schema["items"], refs)

    def _ref(self, ref: str, refs: tuple[str, ...]) -> None:
        if ref in refs:
            self._refuse(f"Recursive schemas are not supported: {ref}")
        if ref not in self._definitions:
            self._refuse(f"$ref does not point to a definition in this schema: {ref}")
        self.check(self._definitions[ref], (*refs, ref))

    def _refuse(self, message: str) -> None:
        raise invalid(f"{self._place}: {message}")
