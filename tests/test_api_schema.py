"""Everything that the OpenAPI document allows is asked: nothing breaks, and every answer is as declared."""

from __future__ import annotations

from collections.abc import Iterator

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given
from schemathesis import GenerationMode

from serving import serving

# A name or a condition that nobody declares fits its schema, and is refused all the same; hence none of the checks
# that take every refusal of what fits for a fault.
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "unsupported_method",
)
NAMES = {
    "measure": "detained_population",
    "table": "bond_figures",
    "claim": "boston-no-convictions",
    "release": "boston-globe-2011-09",
    "receipt": "0123456789ab",
}
PATHS = (
    "/healthz",
    "/readyz",
    "/api/v1",
    "/api/v1/measures",
    "/api/v1/measures/{measure}",
    "/api/v1/measures/{measure}/answer",
    "/api/v1/measures/{measure}/chart",
    "/api/v1/tables",
    "/api/v1/tables/{table}",
    "/api/v1/tables/{table}/rows",
    "/api/v1/claims",
    "/api/v1/claims/{claim}",
    "/api/v1/claims/{claim}/verdict",
    "/api/v1/releases",
    "/api/v1/releases/{release}",
    "/api/v1/receipts/{receipt}",
)
EXAMPLES = 15


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Iterator[schemathesis.BaseSchema]:
    """The OpenAPI document of a server that listens."""
    with serving(tmp_path_factory.mktemp("home")) as port:
        yield schemathesis.openapi.from_url(f"http://127.0.0.1:{port}/api/v1/openapi.json")


def test_these_are_all_paths_of_the_document(document: schemathesis.BaseSchema):
    assert sorted(each.ok().path for each in document.get_all_operations()) == sorted(PATHS)
    assert document.raw_schema["openapi"].startswith("3.1")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("asked", ["what fits", "what fits, of something that is there", "what does not fit"])
def test_every_answer_is_as_declared(document: schemathesis.BaseSchema, path: str, asked: str):
    operation = document[path]["GET"]
    names = {name: value for name, value in NAMES.items() if f"{{{name}}}" in path}
    if asked == "what does not fit":
        if not operation.query and not names:
            return
        strategy = operation.as_strategy(GenerationMode.NEGATIVE)
    elif asked == "what fits":
        strategy = operation.as_strategy()
    else:
        strategy = operation.as_strategy(path_parameters=names)
    checks = schemathesis.checks.CHECKS.get_by_names(CHECKS)

    @given(strategy)
    @hypothesis.settings(
        max_examples=EXAMPLES,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: schemathesis.Case) -> None:
        case.call_and_validate(checks=checks, timeout=30)

    ask()
