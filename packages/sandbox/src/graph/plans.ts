const CAPACITY = 200;

/** Remembers what was compiled from a `fields` parameter: a client sends the same few over and over. */
export function planCache<Plan>(compile: (fields: string | null) => Plan): (fields: string | null) => Plan {
  const plans = new Map<string, Plan>();
  return (fields) => {
    const key = fields ?? '';
    const known = plans.get(key);
    if (known !== undefined) return known;
    const plan = compile(fields);
    // Cursors written into fields make each one new: start over rather than grow.
    if (plans.size >= CAPACITY) plans.clear();
    plans.set(key, plan);
    return plan;
  };
}
