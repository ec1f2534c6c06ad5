// The network of one operation at a time, drawn by cytoscape.js where its members already lie, and let go when closed.
"use strict";
(() => {
  const dialog = document.getElementById("explore");
  const openers = [...document.querySelectorAll("[data-network]")];
  if (!dialog || !dialog.showModal || !window.cytoscape || !openers.length) return;
  const part = (name) => dialog.querySelector(`[data-part=${name}]`);
  const LARGE = 400;
  let drawn = null;
  let data = null;

  const element = (tag, text = "", properties = {}) =>
    Object.assign(document.createElement(tag), { textContent: text, ...properties });
  const said = (text) => text.replaceAll("_", " ");
  const named = (at) => data.members.name[at] || data.members.key[at];

  // Custom properties come back as written; a colour must be used to be known.
  function colours(names) {
    const probe = dialog.appendChild(document.createElement("i"));
    const found = Object.fromEntries(names.map((name) => {
      probe.style.color = `var(--${name})`;
      return [name, getComputedStyle(probe).color];
    }));
    probe.remove();
    return found;
  }

  function style() {
    const roles = [...new Set(data.members.role)];
    const c = colours([...roles, "ink", "card", "soft", "accent", ...data.layers.map((_, n) => `l${n % 8}`)]);
    const size = Math.max(3, data.dot);
    return [
      { selector: "node", style: { width: size, height: size, "background-color": c.soft, label: "data(name)", color: c.ink,
        "font-size": size * 0.55, "min-zoomed-font-size": 10, "text-outline-color": c.card, "text-outline-width": size * 0.12,
        "text-margin-y": -size * 0.15, "text-wrap": "ellipsis", "text-max-width": size * 9 } },
      ...roles.map((role) => ({ selector: `node[role = "${role}"]`, style: { "background-color": c[role] } })),
      { selector: 'node[kind = "page"]', style: { shape: "rectangle" } },
      { selector: 'node[kind = "group"]', style: { "background-color": c.card, "border-width": size * 0.25, "border-color": c.soft } },
      ...roles.map((role) => ({ selector: `node[kind = "group"][role = "${role}"]`, style: { "border-color": c[role] } })),
      { selector: "edge", style: { "curve-style": "haystack", "line-color": c.soft, width: "data(width)", opacity: 0.55 } },
      ...data.layers.map((_, n) => ({ selector: `edge[layer = ${n}]`, style: { "line-color": c[`l${n % 8}`] } })),
      { selector: "edge[layer < 0]", style: { width: size * 0.06, "line-style": "dashed", opacity: 0.45 } },
      { selector: ".away", style: { opacity: 0.1, "text-opacity": 0 } },
      { selector: "edge.near", style: { opacity: 1 } },
      { selector: "node.near", style: { "min-zoomed-font-size": 4 } },
      { selector: "node.chosen", style: { "border-width": size * 0.25, "border-color": c.accent, "min-zoomed-font-size": 0 } },
    ];
  }

  function elements() {
    const { members, edges, ties, dot } = data;
    const nodes = members.key.map((key, at) => ({
      data: { id: `n${at}`, at, name: named(at), role: members.role[at], kind: members.kind[at] },
      position: { x: members.x[at], y: members.y[at] },
    }));
    const most = Math.max(1, ...edges.weight);
    const pairs = edges.from.map((from, at) => ({
      data: { id: `e${at}`, at, source: `n${from}`, target: `n${edges.to[at]}`, layer: edges.layer[at], weight: edges.weight[at],
        width: Math.max(0.4, dot * 0.3 * Math.sqrt(edges.weight[at] / most)) },
    }));
    const administered = ties.map(([from, to], at) => ({
      data: { id: `t${at}`, source: `n${from}`, target: `n${to}`, layer: -1, weight: 0 },
    }));
    return [...nodes, ...administered, ...pairs];
  }

  // Every line of the panel is text or a button, so that all that the drawing shows can be read and reached by keyboard.
  function describe(at) {
    const { members, edges, ties } = data;
    const panel = part("told");
    panel.replaceChildren(element("h3", named(at)), element("p", members.key[at], { className: "id soft" }));
    const facts = element("dl", "", { className: "facts" });
    const fact = (name, value) => facts.append(element("dt", name), element("dd", value));
    fact("Role", said(members.role[at]));
    if (members.confidence[at] !== null) fact("Confidence", `${Math.round(100 * members.confidence[at])}%`);
    fact("Followers", members.followers[at] === null ? "not known" : members.followers[at].toLocaleString("en"));
    if (members.why[at]) fact("Why", members.why[at]);
    panel.append(facts);
    const others = new Map();
    const joined = (other, how) => others.set(other, [...(others.get(other) || []), how]);
    edges.from.forEach((from, edge) => {
      if (from !== at && edges.to[edge] !== at) return;
      const span = edges.first[edge] ? `, ${edges.first[edge]} to ${edges.last[edge]}` : "";
      const chance = edges.expected[edge] === null ? "" : `, ${edges.expected[edge]} by chance`;
      const q = edges.q[edge] === null ? "" : `, q ${edges.q[edge].toExponential(0)}`;
      joined(from === at ? edges.to[edge] : from, `${said(data.layers[edges.layer[edge]])}: ${edges.weight[edge]}${chance}${q}${span}`);
    });
    ties.forEach(([from, to]) => {
      if (from === at) joined(to, "administers");
      if (to === at) joined(from, "is administered by");
    });
    panel.append(element("h4", `${others.size} joined members`));
    const list = element("ul", "", { className: "joined" });
    [...others].slice(0, 200).forEach(([other, how]) => {
      const button = element("button", named(other), { type: "button" });
      button.addEventListener("click", () => select(other));
      const item = element("li");
      item.append(button, ...how.map((line) => element("span", line, { className: "soft" })));
      list.append(item);
    });
    panel.append(list);
    if (others.size > 200) panel.append(element("p", `and ${others.size - 200} more; all are in edges.csv`, { className: "soft" }));
  }

  function select(at) {
    const node = drawn.$id(`n${at}`);
    const near = node.closedNeighborhood();
    drawn.batch(() => {
      drawn.elements().addClass("away").removeClass("near chosen");
      near.removeClass("away").addClass("near");
      node.addClass("chosen");
    });
    drawn.stop().animate({ fit: { eles: near, padding: 120 } }, { duration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 250 });
    part("members").value = String(at);
    describe(at);
  }

  function clear() {
    drawn.elements().removeClass("away near chosen");
    part("members").value = "";
    part("told").replaceChildren(element("p", "Choose a member in the list or in the drawing.", { className: "soft" }));
  }

  function list() {
    const wanted = part("find").value.toLowerCase();
    const order = data.members.key.map((_, at) => at).filter((at) =>
      `${named(at)} ${data.members.key[at]}`.toLowerCase().includes(wanted)).sort((a, b) => named(a).localeCompare(named(b)));
    part("members").replaceChildren(...order.map((at) => element("option", named(at), { value: String(at) })));
  }

  function filter() {
    const shown = new Set([...part("layers").querySelectorAll("input")].filter((box) => box.checked).map((box) => Number(box.value)));
    const least = Number(part("least").value);
    part("weight").textContent = String(least);
    drawn.batch(() => drawn.edges().forEach((edge) => {
      const there = shown.has(edge.data("layer")) && (edge.data("layer") < 0 || edge.data("weight") >= least);
      edge.style("display", there ? "element" : "none");
    }));
  }

  function layers() {
    const boxes = [...data.layers.keys(), ...(data.ties.length ? [-1] : [])].map((layer) => {
      const label = element("label");
      const box = element("input", "", { type: "checkbox", checked: true, value: String(layer) });
      box.addEventListener("change", filter);
      const key = element("span", "", { className: layer < 0 ? "key tie" : `key l${layer % 8}` });
      label.append(box, key, layer < 0 ? "administers" : said(data.layers[layer]));
      return label;
    });
    part("layers").replaceChildren(...boxes);
    const slider = part("least");
    slider.max = String(Math.max(1, ...data.edges.weight));
    slider.value = slider.min = "1";
    part("weight").textContent = "1";
  }

  function open(opener) {
    data = JSON.parse(document.getElementById(opener.dataset.network).textContent);
    part("title").textContent = opener.dataset.title;
    part("note").textContent = opener.dataset.note || "";
    part("note").hidden = !opener.dataset.note;
    dialog.showModal();
    const large = data.members.key.length + data.edges.from.length > LARGE;
    drawn = cytoscape({
      container: part("drawing"), elements: elements(), style: style(), layout: { name: "preset", fit: true, padding: 24 },
      autoungrabify: true, boxSelectionEnabled: false, minZoom: 0.2, maxZoom: 44 / Math.max(3, data.dot),
      hideEdgesOnViewport: large, textureOnViewport: large,
    });
    drawn.on("tap", "node", (event) => select(event.target.data("at")));
    drawn.on("tap", (event) => { if (event.target === drawn) clear(); });
    part("legend").replaceChildren(opener.closest("figure").querySelector(".legend").cloneNode(true));
    part("find").value = "";
    layers();
    list();
    clear();
    part("find").focus();
  }

  openers.forEach((opener) => {
    opener.hidden = false;
    opener.addEventListener("click", () => open(opener));
  });
  part("find").addEventListener("input", list);
  part("members").addEventListener("change", (event) => select(Number(event.target.value)));
  part("least").addEventListener("input", filter);
  part("whole").addEventListener("click", () => { clear(); drawn.fit(undefined, 24); });
  part("close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => { drawn.destroy(); drawn = data = null; });
})();
