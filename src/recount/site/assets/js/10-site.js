"use strict";
/* What pages do with scripts: tables sort, charts are read by slider and pointer. Without them everything is there. */
(() => {
  const ready = (run) =>
    document.readyState === "loading" ? document.addEventListener("DOMContentLoaded", run) : run();
  const words = document.documentElement.lang === "es"
    ? { read: "Leer las cifras", sort: "Ordenar por" }
    : { read: "Read the figures", sort: "Sort by" };

  /* Tables */
  const number = (text) => {
    const found = text.replace(/[\s\u00a0,]/g, "").replace("\u2212", "-").match(/-?\d+(\.\d+)?/);
    return found ? Number(found[0]) : null;
  };
  const keyOf = (cell, kind, place) => {
    if (!cell) return null;
    if (kind === "order") return place;
    if (kind === "number") return number(cell.textContent);
    const time = cell.querySelector("time");
    return time ? time.getAttribute("datetime") : cell.textContent.trim();
  };
  const compare = (a, b) => {
    if (a === null || b === null) return (a === null) - (b === null);
    return typeof a === "number" ? a - b : a.localeCompare(b, document.documentElement.lang, { numeric: true });
  };
  const sort = (table, header, column) => {
    const body = table.tBodies[0];
    const descending = header.getAttribute("aria-sort") === "ascending";
    const rows = [...body.rows].map((row) => ({
      row, place: Number(row.dataset.place), key: keyOf(row.cells[column], header.dataset.sort, Number(row.dataset.place)),
      total: row.classList.contains("total"),
    }));
    rows.sort((a, b) => a.total - b.total || (a.key === null || b.key === null
      ? compare(a.key, b.key) : (descending ? -1 : 1) * compare(a.key, b.key)) || a.place - b.place);
    body.append(...rows.map((each) => each.row));
    for (const each of table.tHead.rows[0].cells) each.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", descending ? "descending" : "ascending");
  };
  const makeSortable = (table) => {
    if (!table.tHead || table.tBodies.length !== 1 || table.tBodies[0].rows.length < 3) return;
    [...table.tBodies[0].rows].forEach((row, place) => { row.dataset.place = place; });
    [...table.tHead.rows[0].cells].forEach((header, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...header.childNodes);
      header.append(button);
      button.addEventListener("click", () => sort(table, header, column));
    });
  };

  /* Charts */
  const makeReadable = (chart) => {
    const marks = [...chart.querySelectorAll("[data-day]")];
    const days = [...new Set(marks.map((each) => each.dataset.day))].sort();
    const plots = chart.querySelector(".plots");
    if (days.length < 2 || !plots) return;
    const byDay = new Map(days.map((day) => [day, []]));
    for (const each of marks) byDay.get(each.dataset.day).push(each);
    const said = (day) => byDay.get(day).map((each) => each.querySelector("title").textContent);
    const reader = document.createElement("div");
    reader.className = "reader";
    const label = document.createElement("label");
    const name = document.createElement("span");
    name.textContent = words.read;
    const slider = document.createElement("input");
    Object.assign(slider, { type: "range", min: 0, max: days.length - 1, step: 1, value: days.length - 1 });
    const output = document.createElement("output");
    label.append(name, slider);
    reader.append(label, output);
    plots.after(reader);
    let shown = null;
    const show = (index) => {
      const day = days[index];
      if (day === shown) return;
      for (const each of chart.querySelectorAll(".here")) each.classList.remove("here");
      shown = day;
      slider.value = index;
      const lines = said(day);
      slider.setAttribute("aria-valuetext", lines.join("; "));
      output.replaceChildren(...lines.map((line) => {
        const part = document.createElement("span");
        part.textContent = line;
        return part;
      }));
      for (const each of byDay.get(day)) each.classList.add("here");
    };
    slider.addEventListener("input", () => show(Number(slider.value)));
    slider.addEventListener("focus", () => show(Number(slider.value)));
    plots.addEventListener("pointermove", (event) => {
      const plot = event.target.closest(".plot");
      if (!plot) return;
      let best = null;
      for (const each of plot.querySelectorAll("[data-day]")) {
        const box = each.getBoundingClientRect();
        const far = Math.abs(box.left + box.width / 2 - event.clientX);
        if (best === null || far < best.far) best = { far, day: each.dataset.day };
      }
      if (best) show(days.indexOf(best.day));
    });
  };

  /* What is there already, and what a page shows later; nothing is made twice. */
  const made = new WeakSet();
  const each = (root, selector, make) => {
    for (const found of root.querySelectorAll(selector)) {
      if (made.has(found)) continue;
      made.add(found);
      make(found);
    }
  };
  const enhance = (root) => {
    each(root, "table.sortable", makeSortable);
    each(root, ".chart", makeReadable);
  };
  document.addEventListener("recount:shown", (event) => enhance(event.target));
  ready(() => enhance(document));
})();
