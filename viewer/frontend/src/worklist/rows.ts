// Moving over the rows of a list by keys: j and ↓ down, k and ↑ up; Enter opens the row, the first one where none is chosen.

const LINK = 'tr.opens a.row';
const TYPING = 'input, textarea, select, [contenteditable]';

/** Index to go to from `now` (-1: none) in a list of `count`, or null for a key that is not ours. */
export function rowAfter(key: string, now: number, count: number): number | null {
  if (!count) return null;
  if (key === 'j' || key === 'ArrowDown') return Math.min(now + 1, count - 1);
  if (key === 'k' || key === 'ArrowUp') return now < 0 ? count - 1 : Math.max(now - 1, 0);
  return null;
}

export function listenToRows(page: Document): void {
  page.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target instanceof Element && event.target.matches(TYPING)) return;
    const links = [...page.querySelectorAll<HTMLAnchorElement>(LINK)];
    if (event.key === 'Enter' && page.activeElement === page.body) links[0]?.click();
    const next = rowAfter(event.key, links.indexOf(page.activeElement as HTMLAnchorElement), links.length);
    if (next === null) return;
    event.preventDefault();
    links[next]?.focus();
    links[next]?.scrollIntoView({ block: 'nearest' });
  });
}

/** When htmx brings newer rows, the focus stays on the row of the same case. */
export function keepPlace(page: Document): void {
  let place = '';
  page.addEventListener('htmx:beforeSwap', () => {
    place = page.activeElement?.matches(LINK) ? (page.activeElement as HTMLAnchorElement).pathname : '';
  });
  page.addEventListener('htmx:afterSettle', () => {
    if (!place) return;
    [...page.querySelectorAll<HTMLAnchorElement>(LINK)].find((a) => a.pathname === place)?.focus();
  });
}
