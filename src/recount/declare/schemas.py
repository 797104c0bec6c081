"""JSON Schemas of the catalog's files, for editors: completion, and mistakes underlined as they are made."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from pydantic import BaseModel

from recount.declare.administrations import AdministrationsFile
from recount.declare.answer_columns import AnswerColumns
from recount.declare.charting import Charting
from recount.declare.claims import Claim, Messages, Rules, Wording
from recount.declare.comparing import Comparing
from recount.declare.county_areas import CountyAreasFile
from recount.declare.cubes import Cubes
from recount.declare.denominators import Denominator
from recount.declare.drafting import Drafting
from recount.declare.event_measures import EventMeasure
from recount.declare.events import EventLayout, EventTable
from recount.declare.exports import Exports
from recount.declare.glossary import Glossary
from recount.declare.inclusion import Inclusion
from recount.declare.linking import LinkingFile
from recount.declare.measures import Measure
from recount.declare.monthly_tables import MonthlyTables
from recount.declare.panels import Panels
from recount.declare.reconciliation import Reconciliation
from recount.declare.record_reading import RecordReading
from recount.declare.release_lag import ReleaseLag
from recount.declare.serving import Serving
from recount.declare.site_pages import SitePages
from recount.declare.sources import Corrections, Layout, Release, Source
from recount.declare.synthetic import Synthetic
from recount.declare.tables import CodeList, Table, Warnings
from recount.declare.tiles import Tiles
from recount.declare.triangles import Triangles
from recount.declare.workbooks import SheetLayout, Workbook

MODELS: dict[str, type[BaseModel]] = {
    "administrations": AdministrationsFile,
    "answer-columns": AnswerColumns,
    "charting": Charting,
    "claim": Claim,
    "codes": CodeList,
    "corrections": Corrections,
    "comparing": Comparing,
    "county-areas": CountyAreasFile,
    "cubes": Cubes,
    "denominator": Denominator,
    "drafting": Drafting,
    "event-layout": EventLayout,
    "event-measure": EventMeasure,
    "event-table": EventTable,
    "exports": Exports,
    "glossary": Glossary,
    "inclusion": Inclusion,
    "layout": Layout,
    "linking": LinkingFile,
    "measure": Measure,
    "messages": Messages,
    "monthly-tables": MonthlyTables,
    "panels": Panels,
    "reconciliation": Reconciliation,
    "record-reading": RecordReading,
    "release": Release,
    "release-lag": ReleaseLag,
    "rules": Rules,
    "serving": Serving,
    "sheet": SheetLayout,
    "site": SitePages,
    "source": Source,
    "synthetic": Synthetic,
    "table": Table,
    "tiles": Tiles,
    "triangles": Triangles,
    "warnings": Warnings,
    "wording": Wording,
    "workbook": Workbook,
}


def write_schemas(folder: Path) -> list[Path]:
    """Writes one schema a kind of file to `folder`; returns their paths, in order."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for kind, model in sorted(MODELS.items()):
        path = folder / f"{kind}.schema.json"
        path.write_text(schema_text(model), encoding="utf-8")
        written.append(path)
    return written


def schema_text(model: type[BaseModel]) -> str:
    """Returns the JSON Schema of a model as text, keys in one order."""
    schema = model.model_json_schema(by_alias=True, mode="validation")
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return json.dumps(schema, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    write_schemas(Path(sys.argv[1]))
