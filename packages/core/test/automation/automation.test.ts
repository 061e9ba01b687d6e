import { describe, expect, test } from '@jest/globals';
import {
  type AutomationAction,
  type AutomationCondition,
  automationConditionSchema,
  type ContactEvent,
  firingsOf,
  noticesOf,
  type Rule,
  tagChangesOf,
  tagSchema,
} from '@tidemark/core/automation';

const second = (n: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, n)).toISOString();

function rule(
  id: string,
  condition: Partial<AutomationCondition>,
  actions: readonly AutomationAction[] = [{ type: 'notify', message: id }],
  activeSince = second(0),
): Rule {
  const whole = { ...automationConditionSchema.parse({}), ...condition };
  return { id, name: id, connectionId: null, condition: whole, actions, activeSince };
}

function event(id: string, at: number, values: Partial<ContactEvent> = {}): ContactEvent {
  const base = { conversationId: 'c', connectionId: 'k', type: 'message' as const, messageId: id };
  return { id, ...base, at: second(at), text: 'Where is my order?', isFirst: false, ...values };
}

const fires = (one: Rule, values: Partial<ContactEvent> = {}) =>
  firingsOf([one], [event('m', 5, values)]).length === 1;
const saying = (match: 'contains' | 'equals', ...anyOf: string[]) => ({ text: { match, anyOf } });
const add = (tag: string, automatic = false) => ({ type: 'add_tag' as const, tag, automatic });
const remove = (tag: string) => ({ type: 'remove_tag' as const, tag });

describe('whether a rule fires', () => {
  test.each([
    ['any message', {}, {}, true],
    ['a reaction that was not asked for', {}, { type: 'reaction' }, false],
    ['a postback that was', { eventTypes: ['postback'] }, { type: 'postback' }, true],
    ['a word, in whatever case', saying('contains', 'ORDER'), {}, true],
    ['one word of several', saying('contains', 'refund', 'order'), {}, true],
    ['none of the words', saying('contains', 'refund'), {}, false],
    ['signs that mean something in a regular expression', saying('contains', '.*'), {}, false],
    [
      'the whole text, whatever the space',
      saying('equals', 'where is  my order?'),
      { text: ' Where is\nmy order? ' },
      true,
    ],
    ['a part of the text, where all was asked for', saying('equals', 'order'), {}, false],
    ['full width letters', saying('contains', 'order'), { text: 'ＯＲＤＥＲ' }, true],
    ['no text', saying('contains', 'order'), { text: null }, false],
    ['the first message', { firstMessageOnly: true }, { isFirst: true }, true],
    ['a later message', { firstMessageOnly: true }, {}, false],
  ] as [string, Partial<AutomationCondition>, Partial<ContactEvent>, boolean][])(
    '%s',
    (_, condition, values, does) => {
      expect(fires(rule('r', condition), values)).toBe(does);
    },
  );

  test('not for what was sent before it was in force, to the millisecond', () => {
    const since = (activeSince: string) => rule('r', {}, [add('x')], activeSince);
    expect([fires(since(second(5))), fires(since('2026-01-01T00:00:05.001Z'))]).toEqual([true, false]);
  });

  test('only for its connection, if it has one', () => {
    expect([
      fires({ ...rule('r', {}), connectionId: 'k' }),
      fires({ ...rule('r', {}), connectionId: 'j' }),
    ]).toEqual([true, false]);
  });
});

describe('what comes of it', () => {
  test('does not depend on the order in which rules and messages are given', () => {
    const rules = [
      rule('r1', {}, [add('a', true), { type: 'notify', message: null }]),
      rule('r2', saying('contains', 'bye'), [remove('a'), add('b')]),
    ];
    const events = [event('m1', 1), event('m2', 2, { text: 'bye' }), event('m0', 2)];
    const firings = firingsOf(rules, events);
    expect(firings.map((one) => `${one.event.id} ${one.rule.id}`)).toEqual([
      'm1 r1',
      'm0 r1',
      'm2 r1',
      'm2 r2',
    ]);
    const other = firingsOf(rules.toReversed(), events.toReversed());
    expect(other).toEqual(firings);
    expect(tagChangesOf(other.toReversed())).toEqual(tagChangesOf(firings));
  });

  test('is the last word about each tag of each conversation', () => {
    const rules = [rule('r1', {}, [add('a', true), add('b')]), rule('r2', {}, [remove('b')])];
    const events = [event('m2', 2), event('m1', 1), event('n', 1, { conversationId: 'd' })];
    const changes = tagChangesOf(firingsOf(rules, events));
    expect(
      changes.map((one) => [one.conversationId, one.tag, one.kind, one.automatic, one.asOf, one.asOfKey]),
    ).toEqual([
      ['c', 'a', 'add', true, second(2), 'm2'],
      ['c', 'b', 'remove', false, second(2), 'm2'],
      ['d', 'a', 'add', true, second(1), 'n'],
      ['d', 'b', 'remove', false, second(1), 'n'],
    ]);
  });

  test('is one notice for each `notify`, with its message', () => {
    const two = [
      { type: 'notify' as const, message: 'one' },
      add('x'),
      { type: 'notify' as const, message: null },
    ];
    const notices = noticesOf(firingsOf([rule('r', {}, two)], [event('m', 1)]));
    expect(notices.map((notice) => notice.message)).toEqual(['one', null]);
  });
});

describe('the name of a tag', () => {
  test.each([
    [' waiting ', 'waiting'],
    ['für später', 'für später'],
    ['', null],
    ['a\u0000b', null],
    ['\ud800', null],
    ['x'.repeat(65), null],
  ])('%j is read as %j', (given, read) => {
    expect(tagSchema.safeParse(given).data ?? null).toBe(read);
  });
});
