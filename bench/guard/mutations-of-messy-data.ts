import { type Mutation, mutation } from './mutation'

/** Faults that only a messy world shows: missing telemetry, malformed replies, refused actions. */
export const mutationsOfMessyData: readonly Mutation[] = [
  mutation(
    'guard/policy/policy',
    'a poll without telemetry cancels a planned stop',
    'if (isHeld && canHold) {',
    "if (isHeld && canHold && due.kind !== 'unknown') {",
  ),
  mutation(
    'idle/quiet-window',
    'a poll without telemetry ends a quiet window',
    "if (label === 'unknown') return showsWork(sample, rules) ? null : before",
    "if (label === 'unknown') return null",
  ),
  mutation(
    'idle/idle-episode',
    'time without telemetry counts as observed',
    'return ms <= rules.countedIntervalMs ? ms : 0',
    'return ms',
  ),
  mutation(
    'idle/quiet-window',
    'undecided CPU ends a quiet window',
    "if (label === 'busy' || cpu === 'working') return null",
    "if (label === 'busy' || cpu !== 'at-rest') return null",
  ),
  mutation(
    'guard/evidence/inside-looks',
    'a look from inside finds a pod at rest in which something works',
    'const { at, verdict: kind } = reading.value',
    "const { at, verdict: kind } = { ...reading.value, verdict: 'at-rest' as const }",
  ),
  mutation(
    'idle/activity-fold',
    'an uptime that is a second lower counts as a restart',
    'if (nowS >= uptimeS - UPTIME_TOLERANCE_S) return false',
    'if (nowS >= uptimeS - UPTIME_TOLERANCE_S) return nowS < uptimeS',
  ),
  mutation(
    'guard/policy/stop-limit',
    'each try of a stop that always fails uses up the hourly limit',
    'return new Set(stops.map(({ podId, podStartedAtMs }) => JSON.stringify([podId, podStartedAtMs]))).size',
    "return intents.filter((intent) => intent.origin !== 'person' && isOfLastHour(intent)).length",
  ),
  mutation(
    'guard/policy/stop-plan',
    'a failed stop is tried again without a new warning',
    'failedTries: plan.failedTries + 1,\n  last: notRequested,',
    'failedTries: plan.failedTries + 1,',
  ),
  mutation(
    'guard/stops/policy-input',
    'a single 403 disarms every automatic stop',
    'findRetry: findStopRetries(intents, knownSince, permission, now)',
    `findRetry: intents.some(({ refusal }) => refusal === 'forbidden')
          ? () => ({ failures: 1, leftMs: 3_600_000, atMs: 0, message: null })
          : findStopRetries(intents, knownSince, permission, now)`,
  ),
  mutation(
    'base/time/jitter',
    'a 429 that asks for no wait is answered at once, again and again',
    'return Math.max(retryAfterMs, growingMs * (1 + 0.2 * random))',
    'return retryAfterMs',
  ),
  mutation(
    'providers/runpod/parse/parse-mounts',
    'a malformed mount counts as a volume',
    'return read.success ? { sizeGb: read.output.size, path: read.output.path } : null',
    'return read.success ? { sizeGb: read.output.size, path: read.output.path } : { sizeGb: null, path: null }',
  ),
  mutation(
    'providers/runpod/parse/parse-pod',
    'a GPU without a count is no known GPU',
    'count: v.optional(count)',
    'count',
  ),
]
