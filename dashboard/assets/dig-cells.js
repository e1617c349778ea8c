/* What stands in the cells of the list on the Dig page: each takes a row of components/grid.py
   and returns its elements. */
(function () {
  "use strict";

  const make = (...parts) => window.segueDraw.make(...parts);
  const VERDICTS = {
    works: "Works",
    clashes: "Clashes",
    like: "Like",
    dislike: "Dislike",
  };

  const nameOf = (row) =>
    row.artist + " - " + row.title + (row.version ? " (" + row.version + ")" : "");

  function graded(words, fit, className) {
    if (fit === undefined) return make("span", { className }, words);
    return make("span", { className: className + " graded", style: { "--fit": fit + "%" } }, words);
  }

  function title(row) {
    return [
      row.artist + " – ",
      make("span", { className: "track-title" }, row.title),
      ...(row.version
        ? [" ", make("span", { className: "track-version" }, "(" + row.version + ")")]
        : []),
    ];
  }

  /* What the columns say that a narrow list has no room for. */
  function inShort(row) {
    const parts = [];
    if (row.tempo) {
      const words = row.tempo + " BPM" + (row.pitch ? " · " + row.pitch : "");
      parts.push(graded(words, row.tempoFit, "short-tempo"));
    }
    if (row.key) {
      const words = row.key + (row.relation ? " · " + row.relation : "");
      parts.push(graded(words, row.keyFit, "short-key"));
    }
    if (row.label) parts.push(make("span", {}, row.label));
    if (row.year) parts.push(make("span", {}, String(row.year)));
    return make("div", { className: "in-short" }, ...parts, bar(row));
  }

  function bar(row) {
    let reached = 0;
    const stripes = (row.parts || []).map(([name, width]) => {
      const start = reached;
      reached += width;
      return "var(--part-" + name + ") " + start + "% " + reached + "%";
    });
    stripes.push("transparent " + reached + "%");
    const words = [row.made, row.score + "% of the best match’s score"].filter(Boolean).join(". ");
    return make("div", {
      className: "score",
      role: "img",
      title: words,
      "aria-label": words,
      style: { "--stripes": "linear-gradient(90deg, " + stripes.join(", ") + ")" },
    });
  }

  function verdicts(row) {
    // The row has keys for these, and what is behind it has them as buttons: no stops for Tab.
    const buttons = Object.entries(VERDICTS).map(([verdict, word]) =>
      make("button", {
        type: "button",
        className: "mark-button mark-" + verdict,
        title: word + " (" + word[0] + ")",
        tabindex: "-1",
        "aria-label": word + ": " + nameOf(row),
        "aria-pressed": String(row.verdict === verdict),
        "data-judge": verdict,
        "data-recording": row.id,
      })
    );
    return make("div", { className: "marks" }, ...buttons);
  }

  const two = (main, note) => [
    make("span", { className: "cell-main" }, main),
    ...(note ? [note] : []),
  ];

  window.segueCells = {
    play: (row) => {
      const named = { name: nameOf(row), told: nameOf(row).replace(" - ", " – ") };
      const told = window.seguePlayer.button(row.id, named, row.play, row.preview);
      return told ? [make("button", told)] : [];
    },
    track: (row) => [
      make(
        "p",
        { className: row.tempo || row.key ? "row-name name-high" : "row-name" },
        ...title(row)
      ),
      make(
        "p",
        { className: "reason" },
        make(
          "span",
          { className: "why" },
          ...(row.badge ? [make("span", { className: "badge" }, row.badge)] : []),
          row.reason
        ),
        ...(row.versions
          ? [
              " ",
              make(
                "button",
                { type: "button", className: "link-button versions-open" },
                row.versions + (row.versions === 1 ? " more version" : " more versions")
              ),
            ]
          : [])
      ),
      inShort(row),
    ],
    bpm: (row) =>
      row.tempo
        ? two(row.tempo, row.pitch && graded(row.pitch, row.tempoFit, "cell-note"))
        : [],
    key: (row) =>
      row.key ? two(row.key, row.relation && graded(row.relation, row.keyFit, "cell-note")) : [],
    energy: (row) =>
      row.energy === undefined
        ? []
        : two(
            row.energy + "%",
            make("span", { className: "energy", style: { "--energy": row.energy + "%" } })
          ),
    year: (row) =>
      two(
        row.year ? String(row.year) : "",
        make("span", { className: "cell-note" }, row.sets + (row.sets === 1 ? " set" : " sets"))
      ),
    label: (row) => [
      make("span", { className: "cell-label", title: row.label }, row.label || ""),
    ],
    score: (row) => [bar(row), make("span", { className: "cell-note" }, row.score + "%"), verdicts(row)],
    actions: (row, rows) => [
      make("button", {
        type: "button",
        className: "round-button crate-add",
        title: "Crate",
        "aria-label": "In the crate: " + nameOf(row),
        "aria-pressed": String(rows.isCrated(row.id)),
        "data-crate": row.id,
      }),
      make("button", {
        type: "button",
        className: "round-button expand",
        title: "What is behind it",
        "aria-label": "Why " + nameOf(row),
        "aria-expanded": String(rows.isOpen(row.id)),
        "data-recording": row.id,
      }),
    ],
  };
})();
