export {
  type ContactEvent,
  type Firing,
  fires,
  firingsOf,
  type Notice,
  noticesOf,
  type Rule,
  type TagChange,
  tagChangesOf,
} from './evaluate.ts';
export {
  AUTOMATION_EVENT_TYPES,
  type AutomationAction,
  type AutomationCondition,
  type AutomationEventType,
  automationActionsSchema,
  automationConditionSchema,
  tagSchema,
} from './rule.ts';
