"""What a visit asks the page itself, as JavaScript that runs in it; the answers are not trusted."""

SCROLL = """async ([seconds, most]) => {
  const wait = ms => new Promise(done => setTimeout(done, ms));
  const body = () => document.body ? document.body.scrollHeight : 0;
  const high = () => Math.max(document.documentElement.scrollHeight, body());
  const end = Date.now() + seconds * 1000, first = high();
  const last = Math.max(first, most), step = Math.max(window.innerHeight, Math.ceil(first / 60));
  let y = 0;
  while (y < Math.min(high(), last) && Date.now() < end) { window.scrollTo(0, y); y += step; await wait(50); }
  const grew = high() > first && y >= last;
  window.scrollTo(0, 0);
  return {height: high(), ended: y >= Math.min(high(), last), grew};
}"""

IMAGES_READY = """async seconds => {
  const end = Date.now() + seconds * 1000;
  const open = () => [...document.images].filter(one => !one.complete && one.currentSrc);
  while (open().length && Date.now() < end) await new Promise(done => setTimeout(done, 50));
  return open().length;
}"""

HEIGHT = """() => Math.max(document.documentElement.scrollHeight,
  document.body ? document.body.scrollHeight : 0, window.innerHeight)"""

IMAGES = """([width, height, most]) => {
  const found = [];
  for (const one of document.images) {
    if (!one.complete || one.naturalWidth < width || one.naturalHeight < height) continue;
    const box = one.getBoundingClientRect();
    if (box.width < 40 || box.height < 40) continue;
    const style = getComputedStyle(one);
    if (style.visibility === 'hidden' || style.display === 'none') continue;
    found.push({url: one.currentSrc || one.src, alt: (one.alt || '').slice(0, 300)});
    if (found.length >= most) break;
  }
  return found;
}"""

VIDEOS = """() => {
  const found = [];
  for (const one of document.querySelectorAll('video, video source')) {
    const at = one.currentSrc || one.src;
    if (at && /^https?:/.test(at)) found.push(at);
    else if (one.tagName === 'VIDEO') found.push('');
  }
  return [...new Set(found)].slice(0, 5);
}"""

OVERLAYS = """() => {
  const found = [];
  const known = '#onetrust-banner-sdk, #CybotCookiebotDialog, #qc-cmp2-container, #didomi-popup, ' +
    '.cc-window, .cookie-banner, .cookieconsent, [id*=cookie i], [class*=cookie i], [id*=consent i], ' +
    '[class*=consent i], [role=dialog], [aria-modal=true], dialog[open]';
  const seen = new Set(document.querySelectorAll(known));
  for (const one of document.querySelectorAll('body > *, body > * > *, body > * > * > *')) {
    const place = getComputedStyle(one).position;
    if (place === 'fixed' || place === 'sticky') seen.add(one);
  }
  for (const one of seen) {
    const box = one.getBoundingClientRect(), style = getComputedStyle(one);
    if (!box.width || !box.height || style.visibility === 'hidden' || style.opacity === '0') continue;
    const text = (one.innerText || '').trim();
    if (text) found.push(text.slice(0, 1500));
    if (found.length >= 40) break;
  }
  return found;
}"""
