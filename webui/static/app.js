// What pages need beyond links and forms; without this file everything still works, only less swiftly.
(() => {
  "use strict";
  const token = () => document.querySelector('meta[name="csrf-token"]').content;
  const all = (selector, within = document) => Array.from(within.querySelectorAll(selector));

  // --- htmx: the CSRF token on every change, and answers that are errors are shown, not dropped
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token();
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (xhr.status >= 400 && !xhr.getResponseHeader("HX-Retarget")) event.detail.shouldSwap = false;
  });
  document.addEventListener("htmx:sendError", () => {
    const place = document.getElementById("messages");
    if (place && place.dataset.offline) place.textContent = place.dataset.offline;
  });

  // --- menus are <details>: one open at a time, closed by Escape and by a click elsewhere
  const menus = () => all("details[data-menu][open]");
  const close = (menu, refocus) => {
    menu.open = false;
    if (refocus) menu.querySelector("summary").focus();
  };
  document.addEventListener("click", (event) => {
    menus().forEach((menu) => { if (!menu.contains(event.target)) close(menu, false); });
    const closer = event.target.closest("[data-close-menu]");
    if (closer) close(closer.closest("details"), true);
    const toast = event.target.closest("[data-close-toast]");
    if (toast) toast.closest("[data-toast]").remove();
    const copy = event.target.closest("[data-copy]");
    if (copy) copyText(copy);
  });
  document.addEventListener("toggle", (event) => {
    const menu = event.target;
    if (!(menu instanceof HTMLDetailsElement) || !menu.matches("[data-menu]") || !menu.open) return;
    menus().forEach((other) => { if (other !== menu && !other.contains(menu)) close(other, false); });
    const panel = menu.querySelector(".menu-panel");
    menu.classList.remove("opens-up");
    if (panel) {
      const box = panel.getBoundingClientRect();
      menu.classList.toggle("opens-up", box.bottom > window.innerHeight && menu.getBoundingClientRect().top > box.height);
      if (box.right > window.innerWidth) panel.classList.add("menu-panel-end");
    }
    const first = menu.querySelector("[data-first]");
    if (first) first.focus();
  }, true);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = menus();
    if (open.length) { close(open[open.length - 1], true); event.preventDefault(); return; }
    const rail = document.getElementById("rail-open");
    if (rail && rail.checked) rail.checked = false;
  });

  const copyText = async (button) => {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.classList.add("is-copied");
      button.querySelector("use").setAttribute("href", button.querySelector("use").getAttribute("href").replace(/#.*/, "#check"));
    } catch (error) {
      window.getSelection().selectAllChildren(button.previousElementSibling);
    }
  };

  // --- toasts that can be undone stay for ten minutes, others for eight seconds
  const dismissLater = (toast) => {
    if (toast.dataset.timed) return;
    toast.dataset.timed = "yes";
    const seconds = toast.querySelector("form") ? 600 : toast.matches(".is-danger, .is-warning") ? 60 : 8;
    window.setTimeout(() => { if (!toast.matches(":hover, :focus-within")) toast.remove(); }, seconds * 1000);
  };
  const readyToasts = () => all("[data-toast]").forEach(dismissLater);

  // --- lists: tick all, count what is ticked
  const formOf = (box) => box.form || box.closest("[data-list]");
  const counted = (form) => {
    const boxes = all("[data-check]", form);
    const ticked = boxes.filter((box) => box.checked);
    all("[data-bulk-count]", form).forEach((place) => { place.textContent = String(ticked.length); });
    all("[data-bulk] button", form).forEach((button) => { button.disabled = ticked.length === 0; });
    const head = form.querySelector("[data-check-all]");
    if (head) {
      head.checked = boxes.length > 0 && ticked.length === boxes.length;
      head.indeterminate = ticked.length > 0 && ticked.length < boxes.length;
    }
    boxes.forEach((box) => { const row = box.closest("[data-row]"); if (row) row.classList.toggle("is-selected", box.checked); });
  };
  document.addEventListener("change", (event) => {
    const form = formOf(event.target);
    if (!form) return;
    if (event.target.matches("[data-check-all]")) {
      all("[data-check]", form).forEach((box) => { box.checked = event.target.checked; });
    }
    if (event.target.matches("[data-check-all], [data-check]")) counted(form);
  });
  const readyLists = () => {
    new Set(all("[data-check]").map(formOf).filter(Boolean)).forEach(counted);
  };

  // --- a form that was sent is not sent twice
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("hx-post") || event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    window.setTimeout(() => { delete form.dataset.sent; }, 4000);
    if (event.submitter && event.submitter.dataset.busy) busy(event.submitter);
  });
  window.addEventListener("pageshow", () => {
    all("form[data-sent]").forEach((form) => { delete form.dataset.sent; });
    all("[data-busy][aria-busy]").forEach((button) => { window.clearInterval(button.dataset.clock); button.textContent = button.dataset.said; button.removeAttribute("aria-busy"); });
  });

  // --- what takes long says so, with the seconds it has taken
  const busy = (button) => {
    const began = Date.now();
    const say = () => { button.textContent = `${button.dataset.busy}… ${Math.round((Date.now() - began) / 1000)} s`; };
    button.dataset.said = button.textContent;
    button.setAttribute("aria-busy", "true");
    button.dataset.clock = String(window.setInterval(say, 1000));
    say();
  };

  // --- print what is on the page
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });

  const ready = () => { readyToasts(); readyLists(); };
  document.addEventListener("DOMContentLoaded", ready);
  document.addEventListener("htmx:load", ready);
})();
