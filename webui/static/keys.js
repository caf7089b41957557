// Keys: every element with data-key="KeyF", "Shift+KeyA" or a sequence "KeyG KeyQ" can be pressed. They are
// read by code, so that neither layout nor input method matters, and never while somebody is typing. Lists
// with [data-list] and rows with [data-row] know j, k, x, Enter. "?" shows what is there on this page.
(() => {
  "use strict";
  const PAUSE = 5000; // how long a sequence waits for its next key
  const DIALOG = "dialog[open]";
  let buffer = [];
  let timer = 0;

  const visible = (element) => element.getClientRects().length > 0 || element.closest("details:not([open])") !== null;
  const usable = (element) => !element.disabled && visible(element);
  const scope = () => document.querySelector(DIALOG) || document;
  const bound = () => Array.from(scope().querySelectorAll("[data-key]")).filter(usable);
  const typing = (target) => target instanceof Element && (
    target.closest("textarea, select, [contenteditable=''], [contenteditable='true']") !== null
    || (target.matches("input") && !target.matches("[type=checkbox], [type=radio], [type=button], [type=submit], [type=reset]")));

  // --- pressing what is bound
  const activate = (element) => {
    if (element.matches("input:not([type=checkbox]), textarea, select")) {
      element.focus();
      if (element.select) element.select();
    } else if (element.matches("summary")) {
      element.parentElement.open = true;
      const first = element.parentElement.querySelector("[data-first], button, a, input:not([type=hidden])");
      if (first) first.focus();
    } else {
      element.click();
    }
  };
  const match = (sequence) => {
    const wanted = sequence.join(" ");
    const found = bound();
    const exact = found.find((element) => element.dataset.key === wanted);
    const longer = found.some((element) => element.dataset.key.startsWith(`${wanted} `));
    return { exact, longer };
  };
  const remember = (sequence) => {
    buffer = sequence;
    window.clearTimeout(timer);
    if (sequence.length) timer = window.setTimeout(() => { buffer = []; }, PAUSE);
  };
  const take = (sequence) => {
    const { exact, longer } = match(sequence);
    if (!exact && !longer) return false;
    remember(longer ? sequence : []);
    if (exact) activate(exact);
    return true;
  };

  // --- lists
  const lists = () => Array.from(scope().querySelectorAll("[data-list]")).filter(visible);
  const current = () => lists().flatMap((list) => Array.from(list.querySelectorAll("[data-row].is-current")))[0];
  const rows = () => {
    const here = current();
    if (here) {
      const list = here.closest("[data-list]");
      if (list.dataset.list === "alone") return Array.from(list.querySelectorAll("[data-row]"));
    }
    return lists().flatMap((list) => Array.from(list.querySelectorAll("[data-row]")));
  };
  const go = (row) => {
    rows().forEach((other) => { other.classList.remove("is-current"); other.removeAttribute("aria-current"); });
    row.classList.add("is-current");
    row.setAttribute("aria-current", "true");
    row.scrollIntoView({ block: "nearest" });
    const link = row.querySelector("[data-open]");
    if (link) link.focus({ preventScroll: true });
    const follow = row.closest("[data-list]").dataset.list === "follow";
    if (follow && link) link.click();
    row.dispatchEvent(new CustomEvent("rasoat:row", { bubbles: true }));
  };
  const tick = (row, on) => {
    const box = row && row.querySelector("[data-check]");
    if (!box) return false;
    box.checked = on === undefined ? !box.checked : on;
    box.dispatchEvent(new Event("change", { bubbles: true }));
    return true;
  };
  const move = (by, extend) => {
    const found = rows();
    if (!found.length) return false;
    const from = found.indexOf(current());
    const to = Math.min(Math.max(from + by, 0), found.length - 1);
    if (extend && from >= 0) tick(found[from], true);
    if (extend) tick(found[to], true);
    if (to !== from) go(found[to]);
    return true;
  };
  const open = (row) => {
    const link = row && row.querySelector("[data-open]");
    if (link) link.click();
    return Boolean(link);
  };
  const inList = {
    KeyJ: () => move(1, false),
    KeyK: () => move(-1, false),
    "Shift+KeyJ": () => move(1, true),
    "Shift+KeyK": () => move(-1, true),
    KeyX: () => tick(current()),
    KeyO: () => open(current()),
  };

  // --- reading the keyboard
  // `codes` are what the pressed key may be, the likelier first; what continues a sequence goes before what
  // stands alone, so that "d" and then VNI's "đ" is d 9.
  const press = (codes, shift) => {
    const named = codes.map((code) => (shift ? `Shift+${code}` : code));
    if (codes.every((code) => /^(Shift|Control|Alt|Meta)(Left|Right)$|Lock$/.test(code))) return false;
    if (buffer.length && named.some((code) => take([...buffer, code]))) return true;
    if (named.some((code) => take([code]))) return true;
    remember([]);
    return named.some((code) => inList[code] !== undefined && inList[code]());
  };
  const reader = window.rasoatTelex.reader((codes) => press(codes, false));
  const ignored = (event) => event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey
    || event.isComposing || ["Process", "Dead", "AltGraph"].includes(event.key);
  document.addEventListener("keydown", (event) => {
    if (typing(event.target)) {
      reader.forget();
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (event.key === "Escape") { remember([]); reader.forget(); return; }
    if (ignored(event)) return;
    if (event.repeat && !["KeyJ", "KeyK"].includes(event.code)) return;
    if (event.shiftKey && event.code) {
      if (press([event.code], true)) event.preventDefault();
    } else if (willHandle(event)) {
      event.preventDefault();
      reader.read(event);
    } else {
      reader.read(event);
    }
  });
  // Asked before, since the reader may answer a moment later: a handled key must not also scroll or search.
  const willHandle = (event) => Boolean(event.code) && (
    inList[event.code] !== undefined || [[...buffer, event.code], [event.code]].some((sequence) => {
      const { exact, longer } = match(sequence);
      return exact || longer;
    }));
  document.addEventListener("pointerdown", () => { remember([]); reader.forget(); });
  document.addEventListener("focusin", (event) => { if (typing(event.target)) remember([]); });

  // --- the overlay
  const name = (keys) => keys.split(" ").map((key) => ({ Slash: "/", "Shift+Slash": "?" })[key]
    || key.replace("Digit", "").replace(/Key([A-Z])/, (_all, letter) => letter.toLowerCase())).join(" ");
  const line = (keys, label) => {
    const row = document.createElement("div");
    const term = document.createElement("dt");
    keys.forEach((key) => {
      const cap = document.createElement("kbd");
      cap.textContent = key;
      term.append(cap, " ");
    });
    const meaning = document.createElement("dd");
    meaning.textContent = label;
    row.append(term, meaning);
    return row;
  };
  const show = () => {
    const sheet = document.getElementById("keys");
    if (!sheet || sheet.open) return;
    const list = sheet.querySelector("[data-keys-list]");
    list.replaceChildren();
    const seen = new Set();
    bound().forEach((element) => {
      const keys = element.dataset.key;
      if (seen.has(keys)) return;
      seen.add(keys);
      list.append(line([name(keys)], element.dataset.keyLabel || element.textContent.trim()));
    });
    if (lists().length) {
      list.append(line(["j", "k"], sheet.dataset.listLabel));
      if (document.querySelector("[data-row] [data-check]")) list.append(line(["x"], sheet.dataset.selectLabel));
      list.append(line(seen.has("KeyO") ? ["Enter"] : ["o", "Enter"], sheet.dataset.openLabel));
    }
    sheet.showModal();
  };
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-show-keys]")) show();
    if (event.target.id === "keys") event.target.close(); // the backdrop
  });
})();
