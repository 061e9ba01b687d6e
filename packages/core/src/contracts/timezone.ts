import { z } from 'zod';

/** A time zone as people name it. */
export const timezoneSchema = z
  .string({ error: 'Give a time zone, such as "Europe/Berlin" or "UTC".' })
  .max(100)
  .refine(isTimezone, {
    error: 'is not a time zone of the IANA database. Give a name such as "Europe/Berlin" or "UTC".',
  })
  .meta({ description: 'A name of the IANA time zone database' });

/** Offsets such as `+02:00`, which some programs read, are no time zones: they know no daylight saving. */
function isTimezone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
