/** Figures as people read them. Always in English notation, so that output does not depend on the machine. */

const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** `12,345`. */
export function count(value: number): string {
  return WHOLE.format(value);
}

/** `1 message`, `2 messages`. */
export function countOf(value: number, noun: string): string {
  return `${count(value)} ${value === 1 ? noun.replace(/s$/, '') : noun}`;
}

/** `0.4 s`, `12 s`, `3:07`, `1:02:07`. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.floor(seconds);
  if (whole < 60) return `${whole} s`;
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (part: number) => String(part).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** `2026-06-30 12:00:00 UTC`; a dash where there is no time. */
export function moment(time: string | null): string {
  if (time === null) return '-';
  return `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
