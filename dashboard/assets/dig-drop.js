/* An audio file as the seed: dropped anywhere on the Dig page, or chosen; see upload.js. */
(function () {
  "use strict";

  const { make } = window.segueDraw;
  const set = (id, data) => window.dash_clientside.set_props(id, { data });
  const onDig = () => document.documentElement.dataset.page === "dig";
  const tell = (error) => set("dig-drop-job", { error, at: Date.now() });
  const hush = () => window.dash_clientside.set_props("dig-drop-told", { children: null });
  let stop = null; // ends the upload that runs

  function send(files) {
    const place = document.getElementById("dig-upload");
    if (!place || stop) return;
    if (files.length !== 1) return tell("Drop one audio file at a time.");
    const [file] = files;
    if (file.type && !/^(audio|video)\/|application\/(ogg|octet-stream)/.test(file.type)) {
      return tell(file.name + " is not an audio file.");
    }
    hush();
    const done = make("div", { className: "job-bar-done" });
    const track = make(
      "div",
      { className: "job-bar", role: "progressbar", "aria-label": "Sending " + file.name,
        "aria-valuemin": "0", "aria-valuemax": "100", "aria-valuenow": "0" },
      done
    );
    const words = make("p", { className: "job-line" }, "Sending");
    const cancel = make("button", { type: "button", className: "small-button" }, "Cancel");
    cancel.addEventListener("click", () => stop && stop());
    place.replaceChildren(
      make("p", { className: "drop-title" }, file.name),
      make("div", { className: "job-progress" }, track, words),
      cancel
    );
    place.hidden = false;
    const over = () => {
      place.hidden = true;
      place.replaceChildren();
      stop = null;
    };
    stop =
      window.segueUpload([file], "seed", {
        onProgress: (fraction) => {
          const percent = Math.floor(fraction * 100);
          done.style.width = percent + "%";
          track.setAttribute("aria-valuenow", String(percent));
          words.textContent = percent < 100 ? "Sending: " + percent + "%" : "Almost there";
        },
        onDone: ({ job }) => {
          over();
          set("dig-drop-job", { job, at: Date.now() });
        },
        onError: (sentence) => {
          over();
          tell(sentence);
        },
      }) || null;
  }

  function choose() {
    const input = make("input", { type: "file", accept: "audio/*" });
    input.addEventListener("change", () => input.files.length && send(input.files));
    input.click();
  }

  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    if (event.target.closest("[data-seed-file]")) choose();
    else if (event.target.closest("[data-drop-cancel]")) set("dig-drop-cancel", Date.now());
    else if (event.target.closest("[data-drop-close]")) {
      hush();
      window.segue.searchBox()?.focus();
    }
  });

  /* A file over the page: `dragleave` comes for every element that is left, so they are counted. */
  let inside = 0;
  const veil = (shown) => document.documentElement.toggleAttribute("data-dropping", shown);
  const carries = (event) =>
    onDig() && Array.from(event.dataTransfer?.types || []).includes("Files");
  document.addEventListener("dragenter", (event) => {
    if (!carries(event)) return;
    inside += 1;
    veil(true);
  });
  document.addEventListener("dragleave", (event) => {
    if (!carries(event)) return;
    inside = Math.max(0, inside - 1);
    if (!inside) veil(false);
  });
  document.addEventListener("dragover", (event) => carries(event) && event.preventDefault());
  document.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    inside = 0;
    veil(false);
    send(event.dataTransfer.files);
  });
})();
