import { expect, test } from '@jest/globals';
import { createEventBus } from '@tidemark/core/events';

test('every subscriber hears every event until it leaves; one that throws disturbs nobody', () => {
  const errors: unknown[] = [];
  const heard: string[] = [];
  const bus = createEventBus((error) => errors.push(error));
  bus.subscribe(() => {
    throw new Error('bad listener');
  });
  const leave = bus.subscribe((name) => heard.push(name));
  bus.emit('outbox.relayed', { count: 1 });
  leave();
  bus.emit('outbox.relayed', { count: 2 });
  expect(heard).toEqual(['outbox.relayed']);
  expect(errors).toHaveLength(2);
});
