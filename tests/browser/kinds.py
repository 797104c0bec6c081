"""Every kind of page, by one page of it."""

from __future__ import annotations

CLAIM = "claims/boston-no-convictions.html"
KINDS = {
    "front": "",
    "claims": "claims/index.html",
    "claim": CLAIM,
    "measures": "measures/index.html",
    "measure": "measures/share_without_conviction.html",
    "measure over time": "measures/detained_population.html",
    "measure of records": "measures/removals.html",
    "places": "places/index.html",
    "place": "places/state-ma.html",
    "area": "places/aor-bos.html",
    "sources": "sources/index.html",
    "source": "sources/secure-communities.html",
    "release": "releases/fy26-detentionstats-02122026.html",
    "dictionary": "dictionary/index.html",
    "table": "dictionary/detention_figures.html",
    "method": "method.html",
    "glossary": "glossary.html",
    "corrections": "corrections.html",
    "about": "about.html",
    "API": "api/v1/docs",
    "front in Spanish": "es/index.html",
    "claim in Spanish": f"es/{CLAIM}",
}
HELD = "explore?measure=detained_population&by=criminality&as_known_on=2026-02-13"
SPREAD = "explore?measure=share_no_record_detained&by=fiscal_year&readings=all"
BOSTON = "explore?measure=removals&where=aor%3DBoston&period=fiscal_year"
EXPLORE = {
    "beginning": "explore",
    "answer": HELD,
    "every reading": SPREAD,
    "records": BOSTON,
    "difference": "explore?measure=arrests&where=aor%3DBoston&by=fiscal_year&compare_with=aor%3DBuffalo",
    "no answer": "explore?measure=arrests&by=county",
    "places found": "explore?place=Boston",
    "places side by side": "explore?measure=people_removed&where=state%3DMA&by=jurisdiction",
    "in Spanish": f"es/{SPREAD}",
}
WRONG = "explore?measure=arrests&where=aor%3DBosten"
STATIC = (
    "assets/icon.svg", "assets/site.css", "assets/site.js",
    "index.html", "claims/index.html", CLAIM, "es/index.html", "es/claims/index.html", f"es/{CLAIM}",
)  # fmt: skip
