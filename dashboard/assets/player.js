/* The player: one sound at a time, in a bar at the foot of the page. It stands beside what
   Dash draws, so that a list drawn anew does not stop the music. Any `.play` button on the
   page plays `/audio/<data-play>`; the server says what that is. One with `preview/` in front
   asks `/previews/<recording>` first, which service has it and where its sound is. */
(function () {
  "use strict";

  const LEAP = 5; // seconds that an arrow key winds
  const PREVIEW = "preview/";
  const PREVIEW_TITLE = "Preview: 30 seconds from Deezer or Apple"; // as components/listen.py
  const audio = new Audio();
  audio.preload = "auto";
  let current = null; // the recording in the bar, as text, or null while there is no bar

  /* The bar */

  const make = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  const labelled = (element, label) => {
    element.setAttribute("aria-label", label);
    return element;
  };
  const toggle = labelled(make("button", { type: "button", className: "round-button" }), "Pause");
  const name = make("p", { className: "player-name" });
  const note = make("p", { className: "player-note" });
  note.setAttribute("role", "status");
  const words = make("span", {});
  const link = make("a", { target: "_blank", rel: "noopener noreferrer" });
  const source = make("p", { className: "player-source", hidden: true }, words, link);
  const seek = labelled(
    make("input", { type: "range", min: 0, max: 0, step: 0.1, value: 0, className: "player-seek" }),
    "Position in the track"
  );
  const clock = make("span", { className: "player-time" });
  const close = labelled(
    make("button", { type: "button", className: "round-button player-close", title: "Close" }),
    "Close the player"
  );
  toggle.classList.add("player-toggle");
  const bar = labelled(
    make(
      "section",
      { id: "player", hidden: true },
      toggle,
      make("div", { className: "player-track" }, name, source, note),
      seek,
      clock,
      close
    ),
    "Player"
  );
  bar.append(audio);

  const minutes = (seconds) => {
    const whole = Math.floor(seconds || 0);
    return Math.floor(whole / 60) + ":" + String(whole % 60).padStart(2, "0");
  };
  const length = () => (Number.isFinite(audio.duration) ? audio.duration : 0);

  function drawTime() {
    seek.max = String(length());
    seek.value = String(audio.currentTime);
    seek.style.setProperty("--played", length() ? audio.currentTime / length() : 0);
    clock.textContent = minutes(audio.currentTime) + " / " + minutes(length());
    seek.setAttribute("aria-valuetext", clock.textContent.replace("/", "of"));
  }

  const isPreview = (play) => play !== null && play.startsWith(PREVIEW);

  /* What a button needs to play a track from its file, or else as a preview; null for neither. */
  function button(id, named, playable, preview) {
    if (!playable && !preview) return null;
    return {
      type: "button",
      className: "round-button play" + (playable ? "" : " play-preview"),
      title: playable ? "Play" : PREVIEW_TITLE,
      "aria-label": (playable ? "Play " : "Preview ") + named.name,
      "aria-pressed": "false",
      "data-play": (playable ? "" : PREVIEW) + id,
      "data-name": named.told,
    };
  }

  /* A button is pressed while its track plays. */
  function mark() {
    const playing = current !== null && !audio.paused && !audio.error;
    for (const button of document.querySelectorAll(".play")) {
      const on = String(playing && button.dataset.play === current);
      if (button.getAttribute("aria-pressed") !== on) {
        button.setAttribute("aria-pressed", on);
        const idle = isPreview(button.dataset.play) ? PREVIEW_TITLE : "Play";
        button.title = on === "true" ? "Pause" : idle;
      }
      button.classList.toggle("play-current", button.dataset.play === current);
    }
    toggle.setAttribute("aria-label", playing ? "Pause" : "Play");
    toggle.title = playing ? "Pause" : "Play";
    toggle.classList.toggle("playing", playing);
  }

  /* What it does */

  function start() {
    const asked = current;
    note.textContent = "";
    audio.play().catch((problem) => {
      if (asked !== current || problem.name !== "NotAllowedError") return;
      note.textContent = "Press play to hear it.";
      mark();
    });
  }

  /* Also what breaks off after it began comes here; by the time the server has told why,
     another track may be in the bar. */
  async function complain() {
    const asked = current;
    const brokeOff = audio.error && audio.error.code === MediaError.MEDIA_ERR_NETWORK;
    const known = await reason();
    if (asked === null || asked !== current || !audio.error) return;
    const what = isPreview(current) ? "This preview" : "This file";
    note.textContent =
      known || (brokeOff ? "It broke off: press play to go on." : what + " cannot be played.");
  }

  /* Why the server sent no sound; the audio element does not tell. */
  async function reason() {
    try {
      const answer = await fetch(audio.src, { headers: { Range: "bytes=0-0" } });
      if (answer.ok) return "";
      return isPreview(current) ? (await answer.json()).error : await answer.text();
    } catch {
      return "Segue does not answer.";
    }
  }

  /* A button that stands for a place in a track always goes there. */
  function press(button) {
    const from = button.dataset.from;
    if (button.dataset.play === current && !audio.error) return from ? jump(from) : pause();
    current = button.dataset.play;
    name.textContent = name.title = button.dataset.name;
    source.hidden = true;
    open(true);
    if (isPreview(current)) return preview();
    audio.src = "/audio/" + encodeURIComponent(current);
    if (from) audio.currentTime = Number(from); // where it begins, once it is there
    start();
    mark();
    drawTime();
  }

  /* Asks where the preview in the bar is, and plays it; or says why there is none. */
  async function preview() {
    const asked = current;
    audio.removeAttribute("src");
    audio.load();
    note.textContent = "Looking for a preview…";
    mark();
    drawTime();
    const told = await whereIs(asked.slice(PREVIEW.length));
    if (asked !== current) return; // another track is in the bar by now
    if (told.error) {
      note.textContent = told.error;
      return;
    }
    words.textContent = told.words;
    link.hidden = !told.link;
    link.href = told.link || "";
    link.textContent = "Listen on " + told.source;
    source.hidden = false;
    audio.src = told.audio;
    start();
    mark();
    drawTime();
  }

  async function whereIs(recording) {
    try {
      const answer = await fetch("/previews/" + encodeURIComponent(recording));
      return await answer.json();
    } catch {
      return { error: "Segue does not answer." };
    }
  }

  function jump(second) {
    audio.currentTime = Number(second);
    if (audio.paused) start();
    drawTime();
  }

  function pause() {
    if (!audio.hasAttribute("src")) {
      if (note.textContent !== "Looking for a preview…") preview();
    } else if (audio.error && isPreview(current)) {
      preview(); // its address may have died
    } else if (audio.error) {
      const place = audio.currentTime;
      audio.load(); // after an error, nothing plays without it
      audio.currentTime = place;
      start();
    } else if (audio.paused) start();
    else audio.pause();
  }

  function open(shown) {
    bar.hidden = !shown;
    document.documentElement.toggleAttribute("data-player-open", shown);
  }

  function stop() {
    const hadFocus = bar.contains(document.activeElement);
    const button = document.querySelector('.play[data-play="' + current + '"]');
    audio.pause();
    current = null;
    audio.removeAttribute("src");
    audio.load();
    source.hidden = true;
    open(false);
    mark();
    // A bar that goes away would leave the keyboard nowhere.
    if (hadFocus && button) button.focus();
  }

  window.seguePlayer = { button };

  for (const event of ["play", "pause", "ended", "error"]) audio.addEventListener(event, mark);
  audio.addEventListener("error", complain);
  for (const event of ["timeupdate", "durationchange", "seeked"]) {
    audio.addEventListener(event, drawTime);
  }
  seek.addEventListener("input", () => {
    audio.currentTime = Number(seek.value);
    drawTime();
  });
  // Its step, a tenth of a second, is for the hand; keys would take minutes with it.
  seek.addEventListener("keydown", (event) => {
    const ahead = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (!ahead || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    audio.currentTime = Math.min(Math.max(audio.currentTime + ahead * LEAP, 0), length());
    drawTime();
  });
  toggle.addEventListener("click", pause);
  close.addEventListener("click", stop);

  document.addEventListener("click", (event) => {
    const button = event.target.closest(".play, .play-from");
    if (button) press(button);
  });

  /* Space plays and pauses, Escape closes; what has a use for these keys itself goes first. */
  document.addEventListener("keydown", (event) => {
    const target = event.target;
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("[role=dialog]")) return;
    const takesKeys =
      "input:not([type=range]):not([type=checkbox]), textarea, select, [contenteditable=true]";
    if (!(target instanceof Element) || target.matches(takesKeys)) return;
    if (event.key === "Escape" && current !== null) stop();
    else if (event.key === " " && !target.matches("button, a, input[type=checkbox]")) {
      const button = target.matches(".row") ? target.querySelector(".play") : null;
      if (!button && current === null) return;
      event.preventDefault();
      if (event.repeat) return; // a key held down is one press
      if (button) press(button);
      else pause();
    }
  });

  document.addEventListener("DOMContentLoaded", () => {
    document.body.append(bar);
    new ResizeObserver(() => {
      document.documentElement.style.setProperty("--player-height", bar.offsetHeight + "px");
    }).observe(bar);
    let waiting = false;
    new MutationObserver(() => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        mark();
      });
    }).observe(document.body, { childList: true, subtree: true });
  });
  if (document.readyState !== "loading") document.dispatchEvent(new Event("DOMContentLoaded"));
})();
