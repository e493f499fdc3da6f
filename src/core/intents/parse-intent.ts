import * as v from 'valibot'
import { type Intent, intentOrigins, intentPhases } from './intent'
import { instantSchema } from '../base/time/instant-schema'

const count = v.pipe(v.number(), v.minValue(0))

/**
 * Optional fields were not written by early versions, which had no rules as origin, and only starts and
 * stops.
 */
const intentSchema = v.object({
  id: v.string(),
  accountId: v.string(),
  podId: v.string(),
  podName: v.string(),
  action: v.picklist(['start', 'stop', 'restart', 'terminate']),
  origin: v.optional(v.picklist(intentOrigins), 'person'),
  isFromCommandLine: v.optional(v.boolean(), false),
  tokenName: v.exactOptional(v.string()),
  phase: v.picklist(intentPhases),
  requestedAt: instantSchema,
  phaseAt: instantSchema,
  waitMs: count,
  sentAt: v.nullable(instantSchema),
  podStartedAtMs: v.nullable(v.number()),
  podUptimeS: v.optional(v.nullable(v.number()), null),
  earlierError: v.optional(v.nullable(v.object({ reason: v.nullable(v.string()) })), null),
  isDisputed: v.boolean(),
  waitsForGpu: v.optional(v.boolean(), false),
  gpuTries: v.optional(count, 0),
  rateLimitedTries: v.optional(count, 0),
  isCalledOff: v.optional(v.boolean(), false),
  lacksGpu: v.optional(v.boolean(), false),
  refusal: v.optional(v.nullable(v.picklist(['forbidden', 'other'])), null),
  earlierFailures: v.optional(count, 0),
  message: v.nullable(v.string()),
})

/** Parses an intent read from a journal; null when it is invalid. */
export function parseIntent(value: unknown): Intent | null {
  const parsed = v.safeParse(intentSchema, value)
  return parsed.success ? parsed.output : null
}
