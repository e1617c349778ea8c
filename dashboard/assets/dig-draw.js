/* Draws what the server sends as components of dash.html without Dash: what is behind a row.
   Text stays text, and waveforms are asked for when they come into sight. */
(function () {
  "use strict";

  const SVG = "http://www.w3.org/2000/svg";
  const BINS = 72;

  /* An element with properties, attributes and children, all of them text or elements. */
  function make(tag, given = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(given)) {
      if (value === null || value === undefined || value === false) continue;
      if (name === "className") element.className = value;
      else if (name === "style") {
        for (const [key, set] of Object.entries(value)) element.style.setProperty(key, set);
      } else element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
  }

  /* A component of dash.html, as JSON, or a text. */
  function draw(part) {
    if (part === null || part === undefined) return null;
    if (typeof part !== "object") return document.createTextNode(String(part));
    const { children, ...given } = part.props;
    const parts = children === null || children === undefined ? [] : [children].flat();
    return make(part.type.toLowerCase(), given, ...parts.map(draw));
  }

  /* Waveforms */

  const known = new Map(); // what was asked for, by address

  function ask(place) {
    const { wave, from, seconds } = place.dataset;
    const address =
      "/audio/" + encodeURIComponent(wave) + "/waveform?" +
      new URLSearchParams({ from, seconds, bins: BINS });
    if (!known.has(address)) {
      known.set(
        address,
        fetch(address)
          .then((answer) => (answer.ok ? answer.json() : null))
          .catch(() => null)
      );
    }
    return known.get(address);
  }

  async function fillWave(place) {
    const found = await ask(place);
    if (!found || !found.highest || !found.highest.length) {
      return place.closest(".wave-row")?.remove();
    }
    const heights = found.highest.map((high, i) => Math.max(high, -found.lowest[i]));
    const most = Math.max(...heights, 1);
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", "0 0 " + heights.length * 3 + " 40");
    svg.setAttribute("preserveAspectRatio", "none");
    svg.setAttribute("aria-hidden", "true");
    const bars = heights.map((height, i) => {
      const tall = Math.max(1, (height / most) * 38);
      return "M" + (i * 3 + 1) + " " + (20 - tall / 2).toFixed(1) + "v" + tall.toFixed(1);
    });
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", bars.join(""));
    svg.append(path);
    place.replaceChildren(svg);
  }

  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      seen.unobserve(entry.target);
      fillWave(entry.target);
    }
  });

  /* Put the parts into an element, in place of what it holds. */
  function fill(element, parts) {
    element.replaceChildren(...parts.map(draw));
    for (const place of element.querySelectorAll("[data-wave]")) seen.observe(place);
  }

  window.segueDraw = { make, fill };
})();
