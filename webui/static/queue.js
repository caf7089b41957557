// What the queue needs beyond htmx: the ticking counter, the current row after a click, one toast to undo.
(() => {
  "use strict";
  let began = 0; // performance.now() when the server last said how long the sitting has taken
  let base = 0;

  const tick = () => {
    const seat = document.querySelector("[data-seat]");
    if (!seat) return;
    const seconds = base + Math.floor((performance.now() - began) / 1000);
    seat.querySelector("[data-seat-time]").textContent =
      `${Math.floor(seconds / 60)} ${seat.dataset.minutes} ${seconds % 60} ${seat.dataset.seconds}`;
  };
  const restart = () => {
    const seat = document.querySelector("[data-seat]");
    if (!seat) return;
    base = Number(seat.dataset.seat);
    began = performance.now();
  };

  // A click marks the row as j and k do, so that they go on from there.
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".queue-link");
    if (!link) return;
    document.querySelectorAll(".queue-row.is-current").forEach((row) => {
      row.classList.remove("is-current");
      row.removeAttribute("aria-current");
    });
    const row = link.closest(".queue-row");
    row.classList.add("is-current");
    row.setAttribute("aria-current", "true");
  });

  // After a decision both panes are new: the focus goes to the row of the post that is open now.
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id === "post-pane" || event.target.id === "work") {
      const pane = document.querySelector("#post-pane > .post");
      if (pane) pane.scrollTop = 0;
    }
    const row = document.querySelector(".queue-row.is-current");
    const lost = document.activeElement === document.body || document.activeElement === null;
    if (row && lost) {
      row.scrollIntoView({ block: "nearest" });
      row.querySelector("[data-open]").focus({ preventScroll: true });
    }
    restart();
  });

  // Thirty decisions in five minutes must not pile up thirty toasts: only the last can be undone from there,
  // the others from the key u, one after the other, and from the list of what was dismissed.
  document.addEventListener("htmx:oobAfterSwap", () => {
    const toasts = Array.from(document.querySelectorAll("#toasts [data-toast]"));
    toasts.slice(0, -1).forEach((toast) => toast.remove());
  });

  document.addEventListener("DOMContentLoaded", () => {
    restart();
    window.setInterval(tick, 1000);
  });
})();
