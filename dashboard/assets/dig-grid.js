/* The list of the Dig page: how AG Grid looks and behaves. Its rows are data of
   components/grid.py, what stands in its cells is drawn by dig-cells.js. */
(function () {
  "use strict";

  const GRID = "dig-grid";
  const { fill } = window.segueDraw;
  let crate = new Set(); // recordings in the crate, as text
  let api = null;

  /* Another page takes the grid away, and events of it may come after that. */
  const isThere = () => api !== null && !api.isDestroyed();
  const isOpen = (id) => isThere() && Boolean(api.getRowNode("why-" + id));

  /* What a cell has to know besides its row. */
  const rows = { isOpen, isCrated: (id) => crate.has(id) };
  const CELLS = window.segueCells;
  const h = (...parts) => window.React.createElement(...parts);
  const cells = (window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {});

  cells.DigCell = ({ data, column }) =>
    h("div", {
      className: "cell",
      ref: (element) => element && element.replaceChildren(...CELLS[column.getColId()](data, rows)),
    });

  /* The row under a row is as high as what it holds. */
  cells.DigBehind = ({ data, node, api: grid }) =>
    h("div", {
      className: "evidence",
      role: "gridcell",
      ref: (element) => {
        if (!element) return;
        fill(element, data.why || []);
        element.dataset.of = data.of;
        fit(element, node, grid);
      },
    });

  const sizes = new ResizeObserver((entries) => {
    for (const { target } of entries) target.fit?.();
  });
  function fit(element, node, grid) {
    element.fit = () => {
      const high = Math.ceil(element.offsetHeight) + 16;
      if (!element.isConnected || grid.isDestroyed()) return sizes.unobserve(element);
      if (!element.offsetHeight || node.rowHeight === high) return;
      node.setRowHeight(high);
      grid.onRowHeightChanged();
    };
    sizes.observe(element);
  }

  /* -- what AG Grid asks; the names stand in components/grid.py */

  const functions = (window.dashAgGridFunctions = window.dashAgGridFunctions || {});
  functions.dig = {
    never: () => false,
    always: () => true,
    isBehind: ({ rowNode }) => Boolean(rowNode.data && rowNode.data.of),

    /* What is behind a row stays under it, however the list is sorted. */
    keepBehind: ({ nodes, api: grid }) => {
      if (grid !== api) begin(grid); // the first that is heard of a grid
      const behind = new Map();
      for (const node of nodes) if (node.data.of) behind.set(node.data.of, node);
      if (!behind.size) return;
      const rows = nodes.filter((node) => !node.data.of);
      nodes.length = 0;
      for (const row of rows) {
        nodes.push(row);
        if (behind.has(row.id)) nodes.push(behind.get(row.id));
      }
    },

    /* What is not known comes last, whichever way the list is sorted. */
    byValue: (a, b, one, other, descending) => {
      const unknown = (value) => value === undefined || value === null;
      if (unknown(a) || unknown(b)) return (unknown(a) - unknown(b)) * (descending ? -1 : 1);
      return typeof a === "string" ? a.localeCompare(b) : a - b;
    },

    theme: (base) =>
      base.withParams({
        fontFamily: "inherit",
        fontSize: 14,
        backgroundColor: "transparent",
        foregroundColor: "var(--ink)",
        textColor: "var(--ink)",
        accentColor: "var(--accent)",
        borderColor: "var(--line)",
        chromeBackgroundColor: "transparent",
        headerBackgroundColor: "transparent",
        headerTextColor: "var(--soft)",
        headerFontSize: 13,
        headerFontWeight: 550,
        headerCellHoverBackgroundColor: "transparent",
        headerColumnBorder: false,
        headerRowBorder: { style: "solid", width: 1, color: "var(--line)" },
        rowBorder: { style: "solid", width: 1, color: "var(--line)" },
        rowHoverColor: "color-mix(in srgb, var(--accent-wash) 45%, transparent)",
        wrapperBorder: false,
        wrapperBorderRadius: 0,
        cellHorizontalPadding: 8,
        spacing: 6,
        iconSize: 14,
        focusShadow: "inset 0 0 0 2px var(--accent)",
      }),
  };

  /* -- opening and closing, and what else changes in the list that stands */

  const button = (id) => document.querySelector('.expand[data-recording="' + id + '"]');

  function unfold(id, open) {
    if (!isThere() || open === isOpen(id)) return;
    const behind = "why-" + id;
    if (open) {
      api.applyTransaction({ add: [{ id: behind, of: id, why: null }] });
      window.dash_clientside.set_props("dig-open", { data: { id: Number(id), at: Date.now() } });
    } else api.applyTransaction({ remove: [{ id: behind }] });
    button(id)?.setAttribute("aria-expanded", String(open));
  }

  const WIDTHS = [
    ["narrow", 0],
    ["medium", 560],
    ["roomy", 800],
    ["wide", 940],
  ];
  const ROOM = {
    narrow: ["play", "track", "actions"],
    medium: ["play", "track", "bpm", "key", "energy", "score", "actions"],
    roomy: ["play", "track", "bpm", "key", "energy", "year", "score", "actions"],
    wide: ["rank", "play", "track", "bpm", "key", "energy", "year", "label", "score", "actions"],
  };

  /* Columns of what is measured, and by what it shows; none is shown for nothing. */
  const MEASURED = { bpm: "tempo", key: "key", energy: "energy" };
  let measured = new Set();

  function lookAtRows() {
    const there = new Set();
    api.forEachNode(({ data }) => {
      for (const name in MEASURED) if (data[MEASURED[name]] !== undefined) there.add(name);
    });
    if (String([...there]) === String([...measured])) return;
    measured = there;
    layOut();
  }

  const UNDER = ["track", "bpm", "key", "energy", "year", "label"];

  function layOut() {
    const element = document.getElementById(GRID);
    const width = element ? element.clientWidth : 0;
    if (!isThere() || !width) return;
    const size = WIDTHS.filter(([, least]) => width >= least).pop()[0];
    const room = ROOM[size].filter((name) => !MEASURED[name] || measured.has(name));
    if (element.dataset.size !== size) {
      element.dataset.size = size;
      const narrow = size === "narrow";
      api.setGridOption("headerHeight", narrow ? 0 : 36);
      api.setColumnWidths([{ key: "actions", newWidth: narrow ? 52 : 92 }]);
    }
    for (const shown of [true, false]) {
      const changed = api
        .getColumns()
        .filter((column) => room.includes(column.getColId()) === shown && column.isVisible() !== shown);
      if (changed.length) api.setColumnsVisible(changed, shown);
    }
    // The reason runs on under the columns that have less to say; the track has what is left.
    const others = room.filter((name) => !UNDER.includes(name));
    const taken = others.reduce((sum, name) => sum + api.getColumn(name).getActualWidth(), 0);
    const beside = room.filter((name) => UNDER.includes(name) && name !== "track");
    const numbers = beside.reduce((sum, name) => sum + api.getColumn(name).getActualWidth(), 0);
    element.style.setProperty("--reason-width", width - taken - 16 + "px");
    element.style.setProperty("--track-width", width - taken - numbers - 16 + "px");
  }

  /* The list has a name, and its rows can take the keyboard; one of them is a stop for Tab. */
  function nameRows() {
    const root = document.querySelector("#" + GRID + " .ag-root");
    if (!root) return;
    const next = new URLSearchParams(window.location.search).get("lens") === "next";
    root.setAttribute("aria-label", next ? "Tracks played next" : "Tracks that go with it");
    const rows = root.querySelectorAll(".row");
    const current = root.querySelector('.row[tabindex="0"]') || rows[0];
    for (const row of rows) row.tabIndex = row === current ? 0 : -1;
  }

  /* How the list is sorted stands in the address, like all that is shown. */
  function sorted() {
    const by = api.getColumnState().find((column) => column.sort);
    return by ? (by.sort === "desc" ? "-" : "") + by.colId : "";
  }

  function sortAsAsked() {
    const asked = new URLSearchParams(window.location.search).get("sort") || "";
    if (asked === sorted()) return;
    const state = { colId: asked.replace("-", ""), sort: asked[0] === "-" ? "desc" : "asc" };
    api.applyColumnState({ state: asked ? [state] : [], defaultState: { sort: null } });
  }

  function takeUp() {
    if (!isThere()) return;
    lookAtRows();
    sortAsAsked();
  }

  const widths = new ResizeObserver(layOut);

  function begin(found) {
    api = found;
    measured = new Set();
    api.addEventListener("sortChanged", ({ source }) => {
      if (source === "api" || !isThere()) return;
      const data = { sort: sorted(), at: Date.now() };
      window.dash_clientside.set_props("dig-asked", { data });
    });
    api.addEventListener("rowDataUpdated", takeUp);
    api.addEventListener("modelUpdated", () => requestAnimationFrame(nameRows));
    widths.disconnect();
    widths.observe(document.getElementById(GRID));
    requestAnimationFrame(takeUp); // the rows may be there already
  }

  const clientside = (window.dash_clientside = window.dash_clientside || {});
  clientside.dig = {
    /* What the server says is behind a row. */
    fill: (row) => {
      if (row && isThere() && api.getRowNode(row.id)) api.applyTransaction({ update: [row] });
    },

    crated: (ids) => {
      crate = new Set((ids || []).map(String));
      for (const add of document.querySelectorAll(".list .crate-add")) {
        add.setAttribute("aria-pressed", String(crate.has(add.dataset.crate)));
      }
    },
  };

  window.segueList = { unfold, isOpen };
})();
