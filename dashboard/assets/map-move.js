/* Moving over the map: mouse, wheel, fingers, keys and buttons. Points are drawn anew for each
   frame where that is quick; where it is not (many points and no graphics card), the picture
   itself is moved and stretched, and drawn anew when it comes to rest. */
(function () {
  "use strict";

  const map = (window.segueMap = window.segueMap || {});
  const SMALLEST = 0.005; // of an axis that is shown at most and at least
  const WIDEST = 8;
  const QUICK = 50; // milliseconds that drawing may take to be done for each frame
  const REST = 120; // milliseconds without a move after which it is drawn anew
  const STILL = 5; // pixels that a hand may shake in a click

  let wanted = null; // ranges of both axes on the way to be drawn
  let framed = false;
  let resting = 0;
  let slow = false;

  const axes = () => [map.plot()._fullLayout.xaxis, map.plot()._fullLayout.yaxis];
  const shown = () => wanted || axes().map((axis) => axis.range.slice());

  function moveTo(x, y) {
    wanted = [x, y];
    if (framed) return;
    framed = true;
    map.hush();
    requestAnimationFrame(() => {
      framed = false;
      if (!map.plot() || !wanted) return;
      if (!slow) return redraw();
      stretch();
      clearTimeout(resting);
      resting = setTimeout(redraw, REST);
    });
  }

  async function redraw() {
    const plot = map.plot();
    if (!plot || !wanted) return;
    const [x, y] = wanted;
    wanted = null;
    const start = performance.now();
    await window.Plotly.relayout(plot, { "xaxis.range": x, "yaxis.range": y });
    const layer = plot.querySelector(".gl-container");
    if (layer && !wanted) layer.style.transform = "";
    // The second frame waits for the first to be painted.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        slow = performance.now() - start > QUICK;
      })
    );
  }

  /* Put the picture where its points would be. */
  function stretch() {
    const layer = map.plot().querySelector(".gl-container");
    if (!layer) return;
    const [xaxis, yaxis] = axes();
    const [[left, right], [low, high]] = wanted;
    const [width, height] = [right - left, high - low];
    const x = ((xaxis.range[0] - left) / width) * xaxis._length;
    const y = ((high - yaxis.range[1]) / height) * yaxis._length;
    const wide = (xaxis.range[1] - xaxis.range[0]) / width;
    const tall = (yaxis.range[1] - yaxis.range[0]) / height;
    layer.style.transformOrigin = "0 0";
    layer.style.transform = `translate(${x}px, ${y}px) scale(${wide}, ${tall})`;
  }

  /* Zoom by a factor around a place given as shares of width and height from the lower left. */
  function zoom(factor, at = [0.5, 0.5]) {
    const [x, y] = shown().map(([low, high], axis) => {
      const width = Math.min(Math.max((high - low) * factor, SMALLEST), WIDEST);
      const fixed = low + (high - low) * at[axis];
      return [fixed - width * at[axis], fixed + width * (1 - at[axis])];
    });
    moveTo(x, y);
  }

  /* Pan by shares of width and height. */
  function pan(right, up) {
    const [x, y] = shown().map(([low, high], axis) => {
      const by = (high - low) * (axis ? up : right);
      return [low + by, high + by];
    });
    moveTo(x, y);
  }

  const whole = () => map.whole() && moveTo(...map.whole());

  function shareAt(x, y) {
    const box = map.plot().getBoundingClientRect();
    return [(x - box.left) / box.width, 1 - (y - box.top) / box.height];
  }

  function panPixels(x, y) {
    const box = map.plot().getBoundingClientRect();
    pan(-x / box.width, y / box.height);
  }

  function onWheel(event) {
    if (!map.plot()) return;
    event.preventDefault();
    event.stopPropagation();
    // A pinch on a trackpad comes as a wheel with Ctrl, in small steps.
    const step = event.deltaY * (event.deltaMode === 1 ? 20 : 1) * (event.ctrlKey ? 0.01 : 0.0015);
    zoom(Math.exp(Math.max(Math.min(step, 0.5), -0.5)), shareAt(event.clientX, event.clientY));
  }

  /* A hand that drags. Plotly gets all of it too, and tells of a click where nothing moved. */
  let held = null;
  const isPan = () => document.getElementById("map-sheet")?.dataset.tool === "pan";

  function onDown(event) {
    if (event.button === 0 && isPan() && map.plot()) {
      held = { x: event.clientX, y: event.clientY, moving: false };
    }
  }
  window.addEventListener(
    "mousemove",
    (event) => {
      if (!held) return;
      if (!(event.buttons & 1)) {
        held = null;
        return;
      }
      const [x, y] = [event.clientX - held.x, event.clientY - held.y];
      if (!held.moving && Math.hypot(x, y) < STILL) return;
      held = { x: event.clientX, y: event.clientY, moving: true };
      if (map.plot()) panPixels(x, y);
    },
    true
  );
  window.addEventListener("mouseup", () => (held = null), true);

  /* One finger scrolls the page, or draws if that is what it does now; two move and zoom. */
  let fingers = null;
  const middleOf = ([a, b]) => [(a.clientX + b.clientX) / 2, (a.clientY + b.clientY) / 2];
  const apart = ([a, b]) => Math.max(Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY), 1);

  function onTouch(event) {
    if (event.touches.length === 2 && map.plot()) {
      event.preventDefault();
      event.stopPropagation();
      const [middle, distance] = [middleOf(event.touches), apart(event.touches)];
      if (fingers && event.type === "touchmove") {
        panPixels(middle[0] - fingers.middle[0], middle[1] - fingers.middle[1]);
        zoom(fingers.distance / distance, shareAt(...middle));
      }
      fingers = { middle, distance };
      return;
    }
    fingers = null;
    // Plotly would take the finger for itself, and the page would not scroll.
    if (isPan()) event.stopPropagation();
  }

  const KEYS = {
    "+": () => zoom(0.8),
    "=": () => zoom(0.8),
    "-": () => zoom(1.25),
    0: whole,
    ArrowLeft: () => pan(-0.1, 0),
    ArrowRight: () => pan(0.1, 0),
    ArrowUp: () => pan(0, 0.1),
    ArrowDown: () => pan(0, -0.1),
  };

  function onKey(event) {
    const act = KEYS[event.key];
    if (event.target !== event.currentTarget || !act || !map.plot()) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  }

  const listening = new WeakSet();
  function listen(element) {
    if (listening.has(element)) return;
    listening.add(element);
    wanted = null;
    const all = { passive: false, capture: true };
    element.addEventListener("wheel", onWheel, all);
    element.addEventListener("mousedown", onDown, all);
    element.addEventListener("keydown", onKey);
    for (const name of ["touchstart", "touchmove", "touchend", "touchcancel"]) {
      element.addEventListener(name, onTouch, all);
    }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-map-zoom]");
    if (!button || !map.plot()) return;
    ({ in: () => zoom(0.7), out: () => zoom(1 / 0.7), all: whole })[button.dataset.mapZoom]();
  });

  Object.assign(map, { listen, shown });
})();
