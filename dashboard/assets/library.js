/* The Library page in the browser: which way to add is open, how the table is drawn, its keys. */
(function () {
  "use strict";

  const clientside = (window.dash_clientside = window.dash_clientside || {});
  const NARROW = window.matchMedia("(max-width: 48em)");
  const MIDDLING = window.matchMedia("(max-width: 64em)"); // a tablet
  const LARGE_ONLY = ["label", "energy", "length"];
  const WIDE_ONLY = ["label", "sets", "bpm", "key", "energy", "length", "year", "state"];
  const HIGH = { wide: 56, narrow: 84 }; // pixels of a row
  const onPage = () => document.documentElement.dataset.page === "library";

  clientside.library = {
    // Which panel is open stands in the address.
    showWay: (search) => {
      const open = new URLSearchParams(search || "").get("add");
      const ids = clientside.callback_context.outputs_list;
      return [
        ids[0].map((output) => output.id.key !== open),
        ids[1].map((output) => String(output.id.key === open)),
      ];
    },

    // The column that is sorted by, after the address; the grid's own presses are told below.
    order: (order) => {
      if (!order) return clientside.no_update;
      grid().then((api) => {
        const now = api.getColumnState().find((column) => column.sort);
        const same = now
          ? now.colId === order.sort && (now.sort === "desc") === order.down
          : !order.sort;
        if (same) return;
        api.applyColumnState({
          state: order.sort ? [{ colId: order.sort, sort: order.down ? "desc" : "asc" }] : [],
          defaultState: { sort: null },
        });
      });
      return clientside.no_update;
    },
  };

  const grid = () => window.dash_ag_grid.getApiAsync("library-grid");

  /* The table */

  const functions = (window.dashAgGridFunctions = window.dashAgGridFunctions || {});
  functions.library = {
    theme: (base) =>
      base.withParams({
        accentColor: "var(--accent)",
        backgroundColor: "var(--panel)",
        foregroundColor: "var(--ink)",
        textColor: "var(--ink)",
        borderColor: "var(--line)",
        browserColorScheme: "inherit",
        headerBackgroundColor: "var(--panel)",
        headerTextColor: "var(--soft)",
        headerFontWeight: 600,
        rowHoverColor: "color-mix(in srgb, var(--accent-wash) 45%, transparent)",
        fontFamily: "inherit",
        fontSize: 15,
        headerFontSize: 13,
        wrapperBorderRadius: 12,
        cellHorizontalPadding: 12,
        columnBorder: false,
      }),

    // The server has sorted all pages; the grid must not sort the one it shows.
    asGiven: () => 0,

    sorted: (event) => {
      if (event.source !== "uiColumnSorted") return;
      const column = event.api.getColumnState().find((one) => one.sort);
      const data = { sort: column?.colId || "", down: column?.sort === "desc", at: Date.now() };
      clientside.set_props("library-sorted", { data });
    },

    fit: (event) => fit(event.api),
  };

  /* On a phone the first column tells what the others would. */
  function fit(api) {
    api.setColumnsVisible(WIDE_ONLY, !NARROW.matches);
    if (MIDDLING.matches) api.setColumnsVisible(LARGE_ONLY, false);
    api.setGridOption("rowHeight", NARROW.matches ? HIGH.narrow : HIGH.wide);
    api.resetRowHeights();
  }
  for (const size of [NARROW, MIDDLING]) {
    size.addEventListener("change", () => onPage() && grid().then(fit));
  }

  const STATES = {
    here: ["Analysed", "track-known"],
    gone: ["File is gone", "track-gone"],
    demo: ["Not analysed", "track-unheard"],
    none: ["Not analysed", "track-unheard"],
  };
  const TITLES = {
    gone: "The file was moved or deleted. Add the folder that holds it now.",
    none: "No file of it is in your folders. Add the folder that holds it.",
    demo: "An invented track: its music is made when you play it.",
  };
  const state = (row) => {
    if (row.file === "gone") return STATES.gone;
    return row.analysed ? STATES.here : STATES.none;
  };

  const drawn = (window.dashAgGridComponentFunctions =
    window.dashAgGridComponentFunctions || {});
  const h = (...parts) => window.React.createElement(...parts);
  const badge = (row) => {
    const [words, name] = state(row);
    const title = row.analysed && row.file !== "gone" ? "" : TITLES[row.file] || "";
    return h("span", { className: "track-badge " + name, title }, words);
  };

  function hear(data) {
    const here = data.file === "here" || data.file === "demo";
    const named = { name: data.name, told: data.name };
    const told = window.seguePlayer.button(data.id, named, here, data.previews);
    return told ? h("button", told) : h("span", { className: "no-play" });
  }

  drawn.LibraryTrack = ({ data }) =>
    h(
      "div",
      { className: "track-cell" },
      hear(data),
      h(
        "div",
        { className: "track-words" },
        h(
          "div",
          { className: "track-line", title: data.name },
          h("span", { className: "track-title" }, data.title),
          data.version ? h("span", { className: "track-version" }, " (" + data.version + ")") : null
        ),
        h("div", { className: "track-line track-artist-line" }, data.artist),
        h(
          "div",
          { className: "narrow-only" },
          h(
            "div",
            { className: "track-facts" },
            data.bpm ? h("span", null, data.bpm + " BPM") : null,
            data.key ? h("span", null, data.key) : null,
            data.year ? h("span", null, data.year) : null,
            badge(data)
          )
        )
      )
    );

  drawn.LibraryState = ({ data }) => badge(data);

  drawn.LibraryDig = ({ data }) =>
    h(
      "a",
      { href: "/?seed=" + data.id, className: "dig-link", "aria-label": "Dig from " + data.name },
      "Dig"
    );

  /* A link that Dash did not draw goes its way all the same: no page is loaded anew. */
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest(".dig-link") : null;
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    clientside.jobs.go(link.getAttribute("href"));
  });

  /* Keys */

  // Tab goes from button to button and on, as everywhere. The grid has no cells to go to and
  // would lead from its last head back to the first, for ever.
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Tab" || !(event.target instanceof Element)) return;
      if (event.target.closest(".tracks-grid")) event.stopPropagation();
    },
    true
  );

  document.addEventListener("keydown", (event) => {
    const target = event.target;
    if (!onPage() || event.isComposing || !(target instanceof Element)) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("[role=dialog]")) return;
    if (target.matches("input, textarea, select, [contenteditable=true]")) return;
    // A row that has the focus itself: Enter digs from it, Space plays it.
    if (target.matches(".tracks-grid .ag-row") && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      if (!event.repeat) target.querySelector(event.key === "Enter" ? ".dig-link" : ".play")?.click();
      return;
    }
    if (event.key === "/") {
      event.preventDefault();
      const box = document.getElementById("library-q");
      box?.focus();
      box?.scrollIntoView({ block: "center" });
    }
  });
})();
