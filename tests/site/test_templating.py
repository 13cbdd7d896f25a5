"""Templates of a site's own: compiled to plainer Python, they say what Jinja says."""

from __future__ import annotations

from pathlib import Path

import jinja2
import pytest
from case_library.templating import environment

MACROS = """
{% macro greet(name, mark, greeting="Hello") %}{{ greeting }} {{ name }}{{ mark }}{% endmacro %}
{% macro maybe(name=none) %}[{{ name or "nobody" }}]{% endmacro %}
{% macro around(kind) %}<b class="{{ kind }}">{{ caller() }}</b>{% endmacro %}
{% macro any() %}{{ varargs|join("+") }}{{ kwargs|dictsort }}{% endmacro %}
{% macro bold(word) %}<b>{{ word }}</b>{% endmacro %}
"""


def _rendered(folder: Path, template: str) -> tuple[str, str]:
    """By our environment and by Jinja's own, or how each complains."""
    (folder / "macros.html").write_text(MACROS)
    (folder / "page.html").write_text('{% import "macros.html" as m %}' + template)
    plain = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found = []
    for one in (environment((folder,)), plain):
        try:
            given = {"evil": "<i>&", "told": {"a": 1}, "join": ", ".join}
            found.append(one.get_template("page.html").render(given))
        except (jinja2.UndefinedError, TypeError) as error:
            found.append(type(error).__name__)
    return found[0], found[1]


@pytest.mark.parametrize(
    "template",
    [
        '{{ m.greet("you", mark="!") }}',
        '{{ m.greet(name=evil, greeting="Hi", mark="?") }}',
        '{{ m.greet("you", "!", "Hi") }}',
        '{{ m.greet("you") }}',  # what it lacks is asked for
        '{{ m.greet("you", "Hi", "!", "more") }}',
        '{{ m.greet("you", other=1) }}',
        "{{ m.maybe() }}{{ m.maybe(evil) }}{{ m.maybe(name=evil) }}",
        "{% call m.around(evil) %}{{ evil }}{% endcall %}",
        "{{ m.any(1, 2, evil, a=evil) }}",
        "{{ m.bold(m.bold(evil)) }}{{ m.bold(evil) ~ evil }}{{ m.bold(evil)|length }}",
        "{% set f = m.bold %}{{ f(evil) }}{{ f(word=evil) }}",
        "{{ told.a }}{{ told.get('a') }}{{ told.items()|list }}{{ told.b is defined }}",
        "{% macro own(x) %}{{ x }}{% endmacro %}{{ own(evil) }}{{ own(x=evil) }}",
        "{% autoescape false %}{{ evil }}{{ m.bold(evil) }}{% endautoescape %}",
        "{{ join(['a', evil]) }}",
        "{{ nothing }}",
    ],
)
def test_a_template_says_what_jinja_says(template: str, tmp_path: Path) -> None:
    ours, plain = _rendered(tmp_path, template)
    assert ours == plain
