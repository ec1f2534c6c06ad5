// Search, order and colours. Without this script the report is whole; nothing here asks for anything.
"use strict";
(() => {
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  const bar = one("#bar");
  const cards = all("article");
  const rows = all(".index tbody tr");
  const told = one("#told");
  if (!bar) return;
  bar.hidden = false;

  // What a search looks through: the words of a card, and the names of members that only the drawing holds.
  const texts = new Map();
  const words = (card) => {
    if (!texts.has(card)) texts.set(card, plain(card.textContent));
    return texts.get(card);
  };

  function choose() {
    const wanted = plain(one("#find").value).split(/\s+/).filter(Boolean);
    const state = one("#state").value;
    let shown = 0;
    rows.forEach((row) => {
      const card = document.getElementById(row.dataset.card);
      const fits = (!state || row.dataset.state.split(" ").includes(state)) &&
        wanted.every((word) => words(card || row).includes(word));
      row.hidden = !fits;
      if (card) card.hidden = !fits;
      shown += fits;
    });
    told.textContent = shown === rows.length ? `${rows.length} operations` : `${shown} of ${rows.length} operations`;
  }

  function order() {
    const [name, way] = one("#order").value.split(" ");
    const value = (row) => row.dataset[name];
    const number = (row) => (value(row) === "" ? -Infinity : Number(value(row)));
    const sorted = [...rows].sort((a, b) =>
      name === "id" ? value(a).localeCompare(value(b)) : way === "up" ? number(a) - number(b) : number(b) - number(a));
    // Where cards stand follows the table, so that reading and tabbing go in one order.
    const end = one("#run");
    sorted.forEach((row) => {
      row.parentNode.append(row);
      const card = document.getElementById(row.dataset.card);
      if (card) end.before(card);
    });
    all(".index [data-order]").forEach((head) => {
      const [by, to] = head.dataset.order.split(" ");
      head.setAttribute("aria-sort", by === name ? (to === "up" ? "ascending" : "descending") : "none");
    });
  }

  let waiting = 0;
  one("#find").addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(choose, 120);
  });
  one("#state").addEventListener("change", choose);
  one("#order").addEventListener("change", order);
  all(".index [data-order]").forEach((head) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      one("#order").value = head.dataset.order;
      order();
    });
  });
  one("#colours").addEventListener("click", (event) => {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    event.currentTarget.setAttribute("aria-pressed", String(!dark));
  });
  one("#unfold").addEventListener("click", (event) => {
    const open = event.currentTarget.getAttribute("aria-pressed") !== "true";
    all("article details").forEach((part) => { part.open = open; });
    event.currentTarget.setAttribute("aria-pressed", String(open));
  });
  choose();
  order();
})();
