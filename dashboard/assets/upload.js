/* Files on their way to the server: `segueUpload` for any page, and behind it every place that
   components/library.py marks with data-upload (a button) or data-drop (where files may fall). */
(function () {
  "use strict";

  const LIMIT = 2 * 1024 ** 3; // as in dashboard/uploads.py, which does not trust this
  const TOO_MUCH = "That is too much at once: add fewer files, or name the folder they are in.";
  const LOST = "The connection broke off and nothing was added. Try again.";

  /* Send files; tells onProgress(fraction), then onDone(answer) or onError(sentence).
     Returns a function that stops it. */
  window.segueUpload = (files, purpose, { onProgress, onDone, onError, fields } = {}) => {
    const list = Array.from(files);
    const size = list.reduce((sum, file) => sum + file.size, 0);
    const fail = (sentence) => onError && onError(sentence);
    if (!list.length) return fail("No file was chosen.");
    if (size > LIMIT) return fail(TOO_MUCH);
    const form = new FormData();
    for (const [name, value] of Object.entries(fields || {})) form.append(name, value);
    for (const file of list) form.append("files", file, file.name);
    const request = new XMLHttpRequest();
    request.open("POST", "/uploads?purpose=" + encodeURIComponent(purpose));
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable && onProgress) onProgress(event.loaded / event.total);
    });
    request.addEventListener("load", () => {
      const answer = request.response;
      if (request.status === 201 && answer) onDone && onDone(answer);
      else fail((answer && answer.error) || (request.status === 413 ? TOO_MUCH : LOST));
    });
    request.addEventListener("error", () => fail(LOST));
    request.addEventListener("abort", () => fail("Stopped; nothing was added."));
    request.send(form);
    return () => request.abort();
  };

  /* The places on the Library page */

  const make = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  function send(place, files) {
    const purpose = place.dataset.drop;
    const state = place.querySelector(".upload-state");
    const say = (text, name) =>
      state.replaceChildren(make("p", { textContent: text, className: name || "" }));
    if (!place.dataset.many && files.length > 1) return say("Add one at a time.", "upload-wrong");
    const bar = make("div", { className: "job-bar-done" });
    const track = make("div", { className: "job-bar" }, bar);
    track.setAttribute("role", "progressbar");
    track.setAttribute("aria-label", "Upload");
    track.setAttribute("aria-valuemin", "0");
    track.setAttribute("aria-valuemax", "100");
    const words = make("span", { textContent: "Uploading" });
    const stop = make("button", { type: "button", className: "small-button", textContent: "Stop" });
    const show = (fraction) => {
      const percent = Math.floor(fraction * 100);
      bar.style.width = percent + "%";
      track.setAttribute("aria-valuenow", String(percent));
      words.textContent = percent < 100 ? "Uploading: " + percent + "%" : "Almost there";
    };
    place.classList.add("drop-busy");
    const over = () => place.classList.remove("drop-busy");
    const typed = (id) => (document.getElementById(id) || {}).value || "";
    const fields = {
      playlist: () => ({ crate: typed("library-crate-name") }),
      tracks: () => ({ per_genre: typed("library-per-genre"), seed: typed("library-draw") }),
    };
    const abort = window.segueUpload(files, purpose, {
      fields: fields[purpose] ? fields[purpose]() : {},
      onProgress: show,
      onDone: () => {
        over();
        say("Added. It is in the list of jobs.", "upload-done");
        window.dash_clientside.set_props("jobs-stamp", { data: Date.now() });
      },
      onError: (sentence) => {
        over();
        say(sentence, "upload-wrong");
      },
    });
    if (!abort) return;
    stop.addEventListener("click", abort);
    show(0);
    state.replaceChildren(track, make("p", { className: "upload-line" }, words, stop));
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-upload]");
    if (!button) return;
    const place = button.closest("[data-drop]");
    if (place.classList.contains("drop-busy")) return;
    const input = make("input", {
      type: "file",
      multiple: Boolean(button.dataset.many),
      accept: button.dataset.accept || "",
    });
    input.addEventListener("change", () => input.files.length && send(place, input.files));
    input.click();
  });

  const carriesFiles = (event) => Array.from(event.dataTransfer?.types || []).includes("Files");
  const over = (event) => {
    const place = event.target instanceof Element ? event.target.closest("[data-drop]") : null;
    for (const other of document.querySelectorAll(".drop-over")) {
      if (other !== place) other.classList.remove("drop-over");
    }
    return place;
  };
  document.addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    const place = over(event);
    if (!place) return;
    event.preventDefault();
    place.classList.add("drop-over");
  });
  document.addEventListener("dragleave", (event) => event.relatedTarget || over({}));
  document.addEventListener("drop", (event) => {
    const place = carriesFiles(event) && over(event);
    if (!place) return;
    event.preventDefault();
    place.classList.remove("drop-over");
    if (place.classList.contains("drop-busy")) return;
    const entries = Array.from(event.dataTransfer.items, (item) => item.webkitGetAsEntry?.());
    if (entries.some((entry) => entry && entry.isDirectory)) {
      const state = place.querySelector(".upload-state");
      state.replaceChildren(
        make("p", {
          className: "upload-wrong",
          textContent: "That is a folder: open it and drop what is in it, or name it under “A folder of music”.",
        })
      );
      return;
    }
    send(place, event.dataTransfer.files);
  });
})();
