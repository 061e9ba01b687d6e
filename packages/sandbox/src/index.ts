export { createManualClock, createOffsetClock, graphTime, type SimClock, type Sleep } from './clock.ts';
export type { Health, MutationAnswer, PageFacts, WebhookFacts, WindowFacts } from './control/answers.ts';
export { SimulatorControl, SimulatorControlError } from './control/client.ts';
export { type SpawnedSimulator, spawnSimulator } from './control/spawn.ts';
export type { MutationInput, TokenInput } from './control/schemas.ts';
export type { ConversationInput, MessageInput } from './data/additions.ts';
export { LONG_THREAD, type MessageAmount } from './data/allocate.ts';
export type {
  Behaviour,
  MessageExtras,
  Platform,
  SimConversation,
  SimMessage,
  SimPage,
} from './data/model.ts';
export {
  CONVERSATION_ODDITIES,
  MESSAGE_ODDITIES,
  ODD_KINDS,
  type OddChoice,
  type OddKind,
} from './data/odd-kinds.ts';
export { createRandom, type Random } from './data/random.ts';
export type { PageSpec } from './data/seed-page.ts';
export { type EditOptions, type GraphSource, type Mutation, SourceError } from './data/source.ts';
export type { FaultBoard, RuleState } from './faults/board.ts';
export type { Fault, FaultMatch, FaultRule, FaultRuleInput } from './faults/schema.ts';
export { appSecretProof } from './graph/auth.ts';
export type { Budget } from './graph/meter.ts';
export type { Latency } from './graph/simulation.ts';
export { type GraphSimulator, type GraphSimulatorOptions, startGraphSimulator } from './graph/simulator.ts';
export type { CostModel, UsageConfig } from './graph/usage.ts';
export { type CallEdge, type CallFilter, type CallRecord, maxInWindow } from './ledger/calls.ts';
export type {
  Expected,
  ExpectedConversation,
  ExpectedMessage,
  ExpectedTotals,
  OddRecord,
} from './ledger/expected.ts';
export type { Ledger } from './ledger/ledger.ts';
export { ALL_FIELDS, WEBHOOK_FIELDS, type WebhookEventKind } from './webhooks/event.ts';
export type { Callback, Handshake } from './webhooks/handshake.ts';
export type {
  AttemptRecord,
  DeliveryRecord,
  EventOutcome,
  EventRecord,
  WebhookAlert,
  WebhookLedger,
  WebhookTotals,
} from './webhooks/ledger.ts';
export type { SenderStatus, TrafficSpec, WebhookSender, WebhookSettings } from './webhooks/sender.ts';
export { signatureHeaders } from './webhooks/sign.ts';
export { type TrafficAction, type TrafficMix, USUAL_MIX } from './webhooks/traffic.ts';
