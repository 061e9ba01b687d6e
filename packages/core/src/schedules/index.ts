export {
  type CronTiming,
  type IntervalTiming,
  NeverTicksError,
  type NextCronTime,
  nextTick,
  rhythmOf,
  type ScheduleTiming,
} from './timing.ts';
