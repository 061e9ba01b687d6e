export {
  CHECK_SECONDS,
  CHECK_SOON_SECONDS,
  type ConnectionFacts,
  GAP_REASONS,
  GAP_RETRY_SECONDS,
  type GapReason,
  gapOf,
  isQuiet,
  LATE_SECONDS,
  QUIET_SECONDS,
  type SourceNews,
} from './gap.ts';
