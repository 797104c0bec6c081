"use strict";
/* Every reading stands in a table of the page. With scripts one is chosen, and its number stands large above it. */
(() => {
  /* What a cell says: its number in bold, or its text without the small print. */
  const text = (cell) => {
    const bold = cell.querySelector("b");
    if (bold) return bold.textContent.trim();
    return [...cell.childNodes].filter((each) => each.nodeName !== "SMALL").map((each) => each.textContent).join("").trim();
  };
  const build = (table) => {
    const headers = [...table.tHead.rows[0].cells];
    const value = headers.findIndex((each) => each.hasAttribute("data-value"));
    const forks = headers.map((each, index) => [each, index]).filter(([each]) => each.hasAttribute("data-fork"));
    const rows = [...table.tBodies[0].rows];
    const chosenBy = forks.length ? forks : headers.map((each, index) => [each, index]).slice(0, 2);
    const number = value < 0 ? 2 : value;
    if (rows.length < 2) return;
    const chooser = document.createElement("div");
    chooser.className = "chooser";
    chooser.setAttribute("role", "group");
    chooser.setAttribute("aria-label", table.dataset.choose);
    const scopes = forks.length ? [[headers[0], 0], ...chosenBy] : chosenBy;
    const selects = scopes.map(([header, index]) => {
      const options = [...new Set(rows.map((row) => text(row.cells[index])))];
      const label = document.createElement("label");
      const select = document.createElement("select");
      const caption = document.createElement("span");
      caption.textContent = header.textContent.replace(/[↕↑↓]/g, "").trim();
      select.append(...options.map((each) => new Option(each, each)));
      label.append(caption, select);
      if (options.length < 2) label.hidden = true;
      chooser.append(label);
      return [select, index];
    });
    const output = document.createElement("output");
    chooser.append(output);
    const start = rows.find((row) => row.classList.contains("default")) || rows[0];
    for (const [select, index] of selects) select.value = text(start.cells[index]);
    const show = () => {
      const row = rows.find((each) => selects.every(([select, index]) => text(each.cells[index]) === select.value));
      for (const each of rows) each.classList.toggle("chosen", each === row);
      const big = document.createElement("b");
      big.textContent = row ? text(row.cells[number]) : "–";
      const rest = document.createElement("small");
      rest.textContent = row ? [...row.cells].slice(number + 1).map((each) => each.textContent.trim()).filter(Boolean).join(" · ") : "";
      output.replaceChildren(big, rest);
    };
    chooser.addEventListener("change", show);
    (table.closest(".scroll") || table).before(chooser);
    show();
  };
  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("table.readings").forEach(build));
})();
