// Times and people in the short words of the page.

/** "3:12", or "1:03:12" from an hour on. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const h = Math.floor(whole / 3600);
  const m = Math.floor((whole % 3600) / 60);
  const s = String(whole % 60).padStart(2, '0');
  return h ? `${h}:${String(m).padStart(2, '0')}:${s}` : `${m}:${s}`;
}

/** "just now", "2 s ago", "5 min ago". */
export function ago(then: number, now: number): string {
  const s = Math.max(0, Math.round((now - then) / 1000));
  if (s < 1) return 'just now';
  if (s < 60) return `${s} s ago`;
  return `${Math.round(s / 60)} min ago`;
}

/** "due in 2 d", "due in 5 h", "overdue by 1 d". */
export function due(at: string | null, now: number): string {
  if (!at) return '';
  const minutes = Math.round((Date.parse(at) - now) / 60000);
  const size = Math.abs(minutes);
  const words =
    size >= 2880 ? `${Math.floor(size / 1440)} d` : size >= 90 ? `${Math.round(size / 60)} h` : `${size} min`;
  return minutes < 0 ? `overdue by ${words}` : `due in ${words}`;
}

/** "♀ 61 y"; what is not known is left out. */
export function person(sex: string, age: number | null): string {
  const sign = sex === 'F' ? '♀' : sex === 'M' ? '♂' : '';
  return [sign, age === null ? '' : `${age} y`].filter(Boolean).join(' ');
}

/** "2026-11-02 16:40" in the reader's own time zone. */
export function moment(iso: string | null): string {
  if (!iso) return '';
  const d = new Date(iso);
  if (Number.isNaN(d.getTime())) return iso;
  const two = (n: number) => String(n).padStart(2, '0');
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())} ${two(d.getHours())}:${two(d.getMinutes())}`;
}
