// Vietnamese input methods of the kind of UniKey watch the keyboard outside the browser. When a key completes
// a letter ("a" then "s" is "á" in Telex, "d" then "9" is "đ" in VNI) they swallow that key, send Backspaces,
// and then the new letters as key events that have a `key` but no `code`. This finds the key that was pressed.
window.rasoatTelex = (() => {
  "use strict";
  const TONES = { "\u0301": ["KeyS", "Digit1"], "\u0300": ["KeyF", "Digit2"], "\u0309": ["KeyR", "Digit3"], "\u0303": ["KeyX", "Digit4"], "\u0323": ["KeyJ", "Digit5"] };
  const SHAPES = { "\u0302": ["", "Digit6"], "\u031b": ["KeyW", "Digit7"], "\u0306": ["KeyW", "Digit8"] };

  // "ấ" -> { base: "a", marks: [circumflex, acute] }
  const parts = (letter) => {
    if (letter === "đ" || letter === "Đ") return { base: "d", marks: ["đ"] };
    const [base, ...marks] = letter.normalize("NFD").toLowerCase();
    return { base, marks };
  };
  const codesOfMark = (mark, base) => {
    if (mark === "đ") return ["KeyD", "Digit9"];
    if (TONES[mark]) return TONES[mark];
    const [telex, vni] = SHAPES[mark] || [];
    return vni ? [telex || `Key${base.toUpperCase()}`, vni] : [];
  };
  const codeOfPlain = (letter) => {
    if (/^[a-z]$/i.test(letter)) return [`Key${letter.toUpperCase()}`];
    return /^[0-9]$/.test(letter) ? [`Digit${letter}`] : [];
  };

  // The codes that the pressed key may have had: `before` are the letters that were taken back, `after` those
  // that came instead. Telex stands before VNI; empty when it cannot be told.
  const pressed = (before, after) => {
    if (after.length > before.length) return codeOfPlain(after[after.length - 1]);
    for (let i = 0; i < after.length; i += 1) {
      const old = parts(before[i] || "");
      const fresh = parts(after[i]);
      const gained = fresh.marks.filter((mark) => !old.marks.includes(mark));
      if (gained.length) return codesOfMark(gained[gained.length - 1], fresh.base);
      if (old.marks.length > fresh.marks.length) return ["KeyZ", "Digit0"];
    }
    return [];
  };

  // One for each page: told of every keydown, it calls `press(codes)` for each key really pressed.
  const reader = (press, wait = 40) => {
    let shown = "";      // what the input method believes stands on the screen
    let taken = "";      // what its Backspaces took back
    let letters = "";    // what it sent instead
    let timer = 0;
    const flush = () => {
      const codes = pressed(taken, letters);
      shown += letters;
      taken = letters = "";
      if (codes.length) press(codes);
    };
    const read = (event) => {
      const nameless = !event.code || event.code === "Unidentified";
      if (nameless && event.key.length === 1) {
        letters += event.key;
        window.clearTimeout(timer);
        timer = window.setTimeout(flush, wait);
        return;
      }
      if (event.key === "Backspace") {
        taken = shown.slice(-1) + taken;
        shown = shown.slice(0, -1);
        return;
      }
      window.clearTimeout(timer); // a key with a code: the letters before it were only its echo
      shown += letters;
      taken = letters = "";
      shown = /^[a-z0-9]$/i.test(event.key) ? (shown + event.key).slice(-16) : "";
      press([event.code]);
    };
    const forget = () => { shown = taken = letters = ""; };
    return { read, forget };
  };
  return { pressed, reader };
})();
