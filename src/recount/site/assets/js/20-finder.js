"use strict";
/* A search for places without a server: the index is a script, loaded when the box is first entered. */
(() => {
  const MOST = 12;
  const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  const load = (address) => new Promise((done, fail) => {
    if (window.recountPlaces) { done(window.recountPlaces); return; }
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => done(window.recountPlaces);
    script.onerror = fail;
    document.head.append(script);
  });
  const entries = (index, said) => {
    const found = [];
    const pages = new Map(index.places.map(([name, kind, path]) => [path, { name, kind, path }]));
    const areas = new Map();
    for (const { name, kind, path } of pages.values()) {
      if (kind === "jurisdiction") continue;
      const code = path.replace(/^.*-|\.html$/g, "").toUpperCase();
      if (kind === "aor") areas.set(code, { name, path });
      const note = kind === "aor" ? `${said.aor} ${index.covers[code] || "–"}` : said[kind];
      found.push({ name, note, path, rank: kind === "country" ? 0 : kind === "state" ? 1 : 3 });
    }
    const counties = new Map();
    for (const [state, held] of Object.entries(index.jurisdictions)) {
      for (const [code, name] of held) {
        const own = `places/jurisdiction-${code}.html`;
        const path = pages.has(own) ? own : `places/state-${state.toLowerCase()}.html#j${code}`;
        counties.set(code, { name, path });
        found.push({ name, note: said.county, path, rank: 4 });
      }
    }
    for (const [city, area, codes] of index.cities) {
      for (const code of codes) {
        const county = counties.get(code);
        if (county) found.push({ name: county.name, note: `${city}: ${said.city}`, path: county.path, rank: 2, also: city });
      }
      const own = areas.get(area);
      if (own) found.find((each) => each.path === own.path).not = `${said.not}: ${city}`;
    }
    for (const each of found) each.key = fold(`${each.name} ${each.also || ""}`);
    return found;
  };
  const search = (all, asked) => {
    const wanted = fold(asked).split(/\s+/).filter(Boolean);
    if (!wanted.length) return [];
    const starts = (each) => (each.key.startsWith(wanted[0]) || fold(each.also || "").startsWith(wanted[0]) ? 0 : 1);
    const seen = new Set();
    return all
      .filter((each) => wanted.every((word) => each.key.split(/[\s,]+/).some((part) => part.startsWith(word))))
      .sort((a, b) => starts(a) - starts(b) || a.rank - b.rank || a.name.localeCompare(b.name))
      .filter((each) => !seen.has(each.path) && seen.add(each.path))
      .slice(0, MOST);
  };
  const build = (box) => {
    const said = box.dataset;
    const home = said.home.replace(/index\.html$/, "");
    const heading = box.querySelector("h2");
    const input = document.createElement("input");
    Object.assign(input, { type: "search", autocomplete: "off", id: "place-search", spellcheck: false, placeholder: "Boston, Suffolk, Massachusetts …" });
    input.setAttribute("aria-labelledby", heading.id);
    const status = document.createElement("p");
    status.className = "unseen";
    status.setAttribute("role", "status");
    const list = document.createElement("ul");
    list.className = "found";
    box.append(input, status, list);
    let all = null;
    const show = () => {
      if (!all) return;
      const hits = search(all, input.value);
      list.replaceChildren(...hits.map((each) => {
        const item = document.createElement("li");
        const link = document.createElement("a");
        link.href = home + each.path;
        link.textContent = each.name;
        const note = document.createElement("small");
        note.textContent = each.not ? `${each.note} (${each.not})` : each.note;
        item.append(link, " ", note);
        return item;
      }));
      const none = input.value.trim() && !hits.length;
      if (none) {
        const item = document.createElement("li");
        item.textContent = said.none;
        list.append(item);
      }
      status.textContent = input.value.trim() ? (none ? said.none : `${hits.length} ${said.found}`) : "";
    };
    input.addEventListener("focus", () => {
      if (!all) load(said.index).then((index) => { all = entries(index, said); show(); });
    });
    input.addEventListener("input", show);
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") { const first = list.querySelector("a"); if (first) location.href = first.href; }
      if (event.key === "ArrowDown") { const first = list.querySelector("a"); if (first) { event.preventDefault(); first.focus(); } }
    });
    list.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step) return;
      const links = [...list.querySelectorAll("a")];
      const next = links[links.indexOf(document.activeElement) + step];
      event.preventDefault();
      (next || input).focus();
    });
  };
  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll(".finder").forEach(build));
})();
