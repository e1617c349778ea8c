/* The map: fetches points and colours as plain numbers and hands them to Plotly. What is drawn
   the server says (see callbacks/map.py); map-move.js moves it. */
(function () {
  "use strict";

  const MOST = 200; // tracks that go into the crate at once, as services/map.py has it
  const MARGIN = 0.06; // around the whole map, as a share of it
  const MANY = 40; // tracks in a crate above which not each is numbered
  const PAUSE = 40; // milliseconds that a pointer rests on a point before its name is asked for
  const keep = () => clientside.no_update;
  const clientside = (window.dash_clientside = window.dash_clientside || {});

  const map = (window.segueMap = window.segueMap || {});
  const sheet = () => document.getElementById("map-sheet");
  const plot = () => document.querySelector("#map-graph .js-plotly-plot");
  const colourOf = (name) =>
    getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  /* -- numbers */

  const fetched = new Map(); // what was asked for last, by address
  function numbers(address, read) {
    if (!fetched.has(address)) {
      if (fetched.size > 8) fetched.delete(fetched.keys().next().value);
      const answer = fetch(address).then(async (response) => {
        if (!response.ok) throw new Error(await response.text());
        return read(await response.arrayBuffer());
      });
      fetched.set(address, answer);
      answer.catch(() => fetched.delete(address));
    }
    return fetched.get(address);
  }

  function readPoints(buffer) {
    const count = buffer.byteLength / 12;
    const x = new Float32Array(buffer, 0, count);
    const y = new Float32Array(buffer, count * 4, count);
    const ids = new Uint32Array(buffer, count * 8, count);
    return {
      x,
      y,
      ids,
      whole: [x, y].map(extent),
      place: new Map(Array.from(ids, (id, i) => [id, i])),
    };
  }

  function extent(values) {
    let low = Infinity;
    let high = -Infinity;
    for (const value of values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
    const margin = Math.max((high - low) * MARGIN, 0.05);
    return values.length ? [low - margin, high + margin] : [-1, 1];
  }

  /* One trace for each group: Plotly then paints each in one colour, many times quicker than a
     colour for each point, and to hide a group costs nothing. */
  let parted = {};
  function part(points, codes, count) {
    if (parted.points === points && parted.codes === codes) return parted.groups;
    const sizes = new Uint32Array(count);
    for (const code of codes) sizes[code] += 1;
    const groups = Array.from(sizes, (size) => ({
      x: new Float32Array(size),
      y: new Float32Array(size),
      ids: new Uint32Array(size),
    }));
    const filled = new Uint32Array(count);
    codes.forEach((code, i) => {
      const at = filled[code]++;
      groups[code].x[at] = points.x[i];
      groups[code].y[at] = points.y[i];
      groups[code].ids[at] = points.ids[i];
    });
    parted = { points, codes, groups };
    return groups;
  }

  /* -- drawing */

  let base = null; // the layout as the server sends it
  let drawn = null; // what is on the map: points, and the recordings of each trace
  let last = {}; // what was asked for last

  function size(count) {
    if (count > 30000) return { size: 3, opacity: 0.55 };
    if (count > 5000) return { size: 4, opacity: 0.65 };
    return { size: count > 1500 ? 6 : 8, opacity: 0.8 };
  }

  const quiet = { type: "scattergl", hoverinfo: "none", showlegend: false };
  const dim = { selected: { marker: { opacity: 1 } }, unselected: { marker: { opacity: 0.12 } } };

  function groupTraces(spec, points, codes) {
    const marker = size(points.ids.length);
    const groups = part(points, codes, spec.groups.length);
    // The last ones are "other" and "not known": they lie under the rest.
    return groups
      .map((group, i) => ({
        trace: {
          ...quiet,
          ...dim,
          mode: "markers",
          x: group.x,
          y: group.y,
          visible: spec.groups[i].shown,
          marker: { ...marker, color: spec.groups[i].colour },
        },
        ids: group.ids,
      }))
      .reverse();
  }

  function lines(places, points, from) {
    const x = [];
    const y = [];
    places.forEach((i) => {
      if (from !== undefined) {
        x.push(points.x[from], points.x[i], null);
        y.push(points.y[from], points.y[i], null);
      } else {
        x.push(points.x[i]);
        y.push(points.y[i]);
      }
    });
    return { x, y };
  }

  function marked(spec, crate, points) {
    const on = (ids) => ids.map((id) => points.place.get(id)).filter((i) => i !== undefined);
    const ink = colourOf("--ink");
    const panel = colourOf("--panel");
    const amber = colourOf("--map-crate");
    const whole = { selected: { marker: { opacity: 1 } }, unselected: { marker: { opacity: 1 } } };
    const layers = [];
    const put = (ids, trace) => layers.push({ trace: { ...quiet, ...whole, ...trace }, ids });
    const idsOf = (places) => places.map((i) => points.ids[i]);

    const path = on(crate);
    if (path.length) {
      const numbered = crate
        .map((id, n) => [points.place.get(id), n + 1])
        .filter(([i]) => i !== undefined)
        .map(([, number]) => number);
      // The numbers of a long crate would cover each other: every tenth says the way.
      const told = (number) =>
        crate.length <= MANY || number === 1 || number === crate.length || number % 10 === 0;
      const line = { color: amber, width: 2.5 };
      const text = { marker: { opacity: 1 }, textfont: { color: panel } };
      if (path.length > 1) put([], { mode: "lines", hoverinfo: "skip", line, ...lines(path, points) });
      put(idsOf(path), {
        mode: "markers+text",
        ...lines(path, points),
        text: numbered.map((number) => (told(number) ? String(number) : "")),
        textposition: "middle center",
        textfont: { size: 11, color: panel, family: "'Inter Variable', sans-serif", weight: 700 },
        marker: {
          size: numbered.map((number) => (told(number) ? (number > 99 ? 24 : 19) : 8)),
          symbol: "square",
          color: amber,
          opacity: 1,
          line: { color: panel, width: 1.5 },
        },
        selected: text,
        unselected: text,
      });
    }
    const [seed] = spec.seed === null ? [] : on([spec.seed]);
    if (seed !== undefined) {
      const near = on(spec.near);
      const line = { color: ink, width: 1 };
      put([], { mode: "lines", hoverinfo: "skip", opacity: 0.45, line, ...lines(near, points, seed) });
      put(idsOf(near), {
        mode: "markers",
        ...lines(near, points),
        marker: { size: 13, symbol: "circle-open", color: ink, opacity: 1, line: { color: ink, width: 1.75 } },
      });
      put([spec.seed], {
        mode: "markers",
        ...lines([seed], points),
        marker: { size: 22, symbol: "star", color: ink, opacity: 1, line: { color: panel, width: 1.5 } },
      });
    }
    return { layers, seed };
  }

  /* Where the map stands: as it was, unless it is another map or the seed lies outside. */
  function ranges(points, seed, moved) {
    if (!plot()?.data?.length || drawn?.points !== points) return points.whole;
    const shown = map.shown();
    if (seed === undefined || !moved) return shown;
    return [points.x[seed], points.y[seed]].map((at, axis) => {
      const [low, high] = shown[axis];
      const margin = (high - low) * 0.04;
      if (at > low + margin && at < high - margin) return shown[axis];
      return [at - (high - low) / 2, at + (high - low) / 2];
    });
  }

  let turn = 0;
  async function draw(spec, crate, tool, figure) {
    if (!spec || !figure) return keep();
    base = base || figure.layout;
    const mine = ++turn;
    const [points, codes] = await Promise.all([
      numbers(spec.points, readPoints),
      numbers(spec.codes, (buffer) => new Uint8Array(buffer)),
    ]);
    if (mine !== turn) return keep(); // something newer is being drawn
    const groups = groupTraces(spec, points, codes);
    const { layers, seed } = marked(spec, crate || [], points);
    const moved = !drawn || drawn.seed !== spec.seed;
    const [x, y] = ranges(points, seed, moved);
    const all = [...groups, ...layers];
    drawn = { points, seed: spec.seed, layers: all.map((layer) => layer.ids) };
    last = { spec, crate, tool };
    ready(tool);
    return {
      data: all.map((layer) => layer.trace),
      layout: {
        ...base,
        // Moving is done in map-move.js; Plotly still tells of clicks.
        dragmode: tool === "pan" ? false : tool,
        xaxis: { ...base.xaxis, range: x },
        yaxis: { ...base.yaxis, range: y },
        newselection: { line: { color: colourOf("--ink"), width: 2, dash: "solid" } },
        // What was marked is forgotten with the tool that marked it.
        selections: [],
        selectionrevision: mine,
      },
    };
  }

  function ready(tool) {
    const element = sheet();
    if (!element) return;
    element.dataset.tool = tool;
    document.getElementById("map-wait").hidden = true;
    map.listen(element);
  }

  /* Colours of marks are painted by WebGL, which knows no style sheet: another scheme, another
     drawing. */
  new MutationObserver(async () => {
    if (!sheet() || !last.spec) return;
    const figure = await draw(last.spec, last.crate, last.tool, { layout: base });
    if (figure !== keep()) clientside.set_props("map-graph", { figure });
  }).observe(document.documentElement, { attributeFilter: ["data-mantine-color-scheme"] });

  /* -- points */

  const idOf = (point) => drawn?.layers[point.curveNumber]?.[point.pointNumber];

  const names = new Map();
  function nameOf(id) {
    if (!names.has(id)) {
      if (names.size > 2000) names.clear();
      const answer = fetch("/map/track/" + id).then((response) => (response.ok ? response.json() : null));
      names.set(id, answer);
      answer.catch(() => names.delete(id));
    }
    return names.get(id);
  }

  let pointed = null;
  function hush() {
    pointed = null;
    clientside.set_props("map-tooltip", { show: false });
  }

  async function hover(data) {
    const point = data?.points?.[0];
    const id = point && idOf(point);
    pointed = id;
    if (id === undefined || !point.bbox) return hush();
    await new Promise((done) => setTimeout(done, PAUSE));
    if (pointed !== id) return;
    const told = await nameOf(id).catch(() => null);
    if (pointed !== id || !told) return;
    const div = (children, className) => ({
      namespace: "dash_html_components",
      type: "Div",
      props: { children, className },
    });
    const middle = plot().clientWidth / 2;
    clientside.set_props("map-tooltip", {
      show: true,
      bbox: point.bbox,
      direction: point.bbox.x0 > middle ? "left" : "right",
      children: [
        div(told.title, "map-tip-title"),
        div(told.artist, "map-tip-artist"),
        div(told.about, "map-tip-about"),
      ],
    });
  }

  function picked(data) {
    // Plotly also reports when what was marked is forgotten.
    if (data && !data.range && !data.lassoPoints) return picked(null);
    const ids = new Set();
    for (const point of data?.points || []) {
      const id = idOf(point);
      if (id !== undefined) ids.add(id);
    }
    const count = ids.size;
    const tracks = count.toLocaleString("en") + (count === 1 ? " track" : " tracks");
    if (!count) {
      const nothing = data ? "No track is inside. Draw around some." : "";
      return [null, nothing, "Add to the crate", true, !data];
    }
    if (count > MOST) {
      const words = tracks + " marked. The crate takes " + MOST + " at a time: mark fewer.";
      return [null, words, "Add to the crate", true, false];
    }
    return [{ ids: [...ids] }, tracks + " marked.", "Add " + tracks + " to the crate", false, false];
  }

  clientside.map = {
    draw: async (spec, crate, tool, figure, config) => {
      // As sharp as the screen is, and not sharper: twice as sharp is four times the work.
      const plotGlPixelRatio = Math.min(window.devicePixelRatio || 1, 2);
      try {
        return [await draw(spec, crate, tool, figure), { ...config, plotGlPixelRatio }];
      } catch (error) {
        const wait = document.getElementById("map-wait");
        if (wait) {
          wait.hidden = false;
          wait.textContent = error.message || "The map cannot be drawn: reload the page.";
        }
        return [keep(), keep()];
      }
    },
    clicked: (data) => {
      const id = data?.points?.[0] && idOf(data.points[0]);
      return id === undefined ? keep() : { id, at: Date.now() };
    },
    hover: (data) => {
      hover(data);
    },
    picked: (data) => {
      if (!data && plot()) unmark();
      return picked(data);
    },
    clear: (presses) => (presses ? null : keep()),
  };

  Object.assign(map, {
    plot,
    hush,
    whole: () => drawn?.points.whole,
    /* Where a recording lies: x and y, or nothing if it is not on the map. */
    placeOf: (id) => {
      const at = drawn?.points.place.get(id);
      return at === undefined ? null : [drawn.points.x[at], drawn.points.y[at]];
    },
  });

  function unmark() {
    if (!plot().layout.selections?.length) return;
    draw(last.spec, last.crate, last.tool, { layout: base }).then((figure) => {
      if (figure !== keep()) clientside.set_props("map-graph", { figure });
    });
  }
})();
