"use strict";
/* Explore with scripts: a change asks the same address that the form would, and swaps in what its page shows. Without
   scripts the form does it alone. Nothing here knows what a question means. */
(() => {
  const start = () => {
    const root = document.querySelector("[data-explore]");
    if (!root) return;
    const own = location.pathname;
    let under = null;
    let asked = location.href;

    const words = (name) => document.querySelector("[data-explore]").dataset[name];
    const say = (text) => {
      const status = document.getElementById("explore-status");
      status.textContent = "";
      requestAnimationFrame(() => { status.textContent = text; });
    };

    /* What is ticked and written, as attributes: so a part of the form can be compared with what the server gives. */
    const reflect = (part) => {
      const copy = part.cloneNode(true);
      const live = part.querySelectorAll("input, option, details");
      copy.querySelectorAll("input, option, details").forEach((each, place) => {
        const now = live[place];
        if (each.matches("details")) each.toggleAttribute("open", false);
        else if (each.matches("option")) each.toggleAttribute("selected", now.selected && !(now.value === "" && now.index === 0 && !now.defaultSelected));
        else if (each.type === "checkbox") each.toggleAttribute("checked", now.checked);
        else each.setAttribute("value", now.value);
      });
      return copy.outerHTML.replace(/\s+/g, " ");
    };
    const plain = (part) => {
      const copy = part.cloneNode(true);
      copy.querySelectorAll("details").forEach((each) => each.removeAttribute("open"));
      return copy.outerHTML.replace(/\s+/g, " ");
    };

    const keepOpen = (from, to) => {
      for (const each of from.querySelectorAll("details[id][open]")) {
        const same = to.querySelector(`#${CSS.escape(each.id)}`);
        if (same) same.open = true;
      }
    };

    /* Puts the fetched page in the place of this one, and leaves alone what is the same: focus stays where it was. */
    const swap = (page, whole) => {
      const there = page.querySelector("[data-explore]");
      const here = document.querySelector("[data-explore]");
      const focused = document.activeElement;
      const focus = focused && here.contains(focused) ? focused.id : "";
      const title = page.querySelector("title");
      if (title) document.title = title.textContent;
      const change = document.querySelector(".switch");
      const changed = page.querySelector(".switch");
      if (change && changed) change.replaceWith(document.adoptNode(changed));
      const form = here.querySelector("#explore-form");
      const newForm = there.querySelector("#explore-form");
      keepOpen(here, there);
      const same = form && newForm && !whole
        && form.elements.measure.value === newForm.elements.measure.value;
      if (same) {
        for (const id of ["explore-measure", "explore-place"]) replace(here, there, `#${id}`);
        replace(here, there, "#explore-places");
        replace(here, there, "#explore-answer");
        const parts = [...form.querySelectorAll(":scope > fieldset")];
        const fresh = [...newForm.querySelectorAll(":scope > fieldset")];
        if (parts.length !== fresh.length) form.replaceWith(newForm);
        else parts.forEach((part, place) => {
          if (reflect(part) !== plain(fresh[place])) part.replaceWith(fresh[place]);
        });
      } else {
        here.replaceWith(document.adoptNode(there));
      }
      const target = focus && document.getElementById(focus);
      if (target && document.activeElement !== target) target.focus({ preventScroll: true });
      else if (focused && !document.contains(focused) && !target) document.getElementById("explore-answer")?.focus({ preventScroll: true });
      shown();
    };
    const replace = (here, there, selector) => {
      const old = here.querySelector(selector);
      const fresh = there.querySelector(selector);
      if (old && fresh) {
        if (old.outerHTML !== fresh.outerHTML) old.replaceWith(fresh);
      } else if (old) old.remove();
      else if (fresh) here.querySelector("#explore-measure").after(fresh);
    };

    const told = () => {
      const fault = document.querySelector("#explore-fault p");
      const title = document.getElementById("explore-title");
      return [title && title.textContent.trim(), fault && fault.textContent.trim()].filter(Boolean).join(". ");
    };

    const ask = async (address, { push = true, whole = false } = {}) => {
      if (under) under.abort();
      const mine = new AbortController();
      under = mine;
      const answer = document.getElementById("explore-answer");
      if (answer) answer.setAttribute("aria-busy", "true");
      const slow = setTimeout(() => say(words("loading")), 600);
      try {
        const reply = await fetch(address, { signal: mine.signal, headers: { accept: "text/html" } });
        const type = reply.headers.get("content-type") || "";
        if (!type.startsWith("text/html")) throw new Error(reply.status);
        const text = await reply.text();
        if (mine.signal.aborted) return;
        if (push && reply.url !== location.href) history.pushState(null, "", reply.url);
        asked = reply.url;
        swap(new DOMParser().parseFromString(text, "text/html"), whole);
        say(told());
      } catch (failed) {
        if (mine.signal.aborted) return;
        say(words("failed"));
        if (!push) location.reload();
      } finally {
        clearTimeout(slow);
        if (under === mine) {
          under = null;
          const now = document.getElementById("explore-answer");
          if (now) now.removeAttribute("aria-busy");
        }
      }
    };

    const addressOf = (form) => {
      const sent = new URLSearchParams();
      for (const [name, value] of new FormData(form)) if (value !== "") sent.append(name, value);
      return `${form.action.split("?")[0]}?${sent}`;
    };
    const isOurs = (form) => form instanceof HTMLFormElement && form.closest("[data-explore]");

    document.addEventListener("submit", (event) => {
      if (!isOurs(event.target)) return;
      event.preventDefault();
      ask(addressOf(event.target));
    });
    document.addEventListener("change", (event) => {
      const form = event.target.form;
      if (!form || !isOurs(form) || event.target.closest(".reader")) return;
      if (form.id === "explore-form") ask(addressOf(form));
    });
    document.addEventListener("click", (event) => {
      const link = event.target.closest("[data-explore] a[href]");
      if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      if (link.hasAttribute("download") || link.pathname !== own) return;
      if (link.hash && link.search === location.search) return;
      event.preventDefault();
      ask(link.href).then(() => document.getElementById("explore-answer")?.focus());
    });
    addEventListener("popstate", () => {
      if (location.pathname !== own || location.href.split("#")[0] === asked.split("#")[0]) return;
      ask(location.href, { push: false, whole: true });
    });

    /* Commands can be copied at a press. */
    const shown = () => {
      const now = document.querySelector("[data-explore]");
      if (navigator.clipboard) {
        for (const each of now.querySelectorAll("pre[data-copyable]:not(.copied-up)")) {
          each.classList.add("copied-up");
          const frame = document.createElement("div");
          frame.className = "copyable";
          const button = document.createElement("button");
          button.type = "button";
          button.textContent = words("copy");
          button.setAttribute("aria-label", `${words("copy")}: ${each.getAttribute("aria-label")}`);
          button.addEventListener("click", async () => {
            await navigator.clipboard.writeText(each.textContent);
            button.textContent = words("copied");
            say(words("copied"));
          });
          each.replaceWith(frame);
          frame.append(each, button);
        }
      }
      now.dispatchEvent(new CustomEvent("recount:shown", { bubbles: true }));
    };
    shown();
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
