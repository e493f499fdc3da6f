import * as v from 'valibot'
import { type Intent, intentOrigins, intentPhases } from './intent'
import { instantSchema } from '../base/time/instant-schema'

const count = v.pipe(v.number(), v.minValue(0))

const intentSchema = v.object({
  id: v.string(),
  accountId: v.string(),
  podId: v.string(),
  podName: v.string(),
  action: v.picklist(['start', 'stop', 'restart', 'terminate']),
  origin: v.picklist(intentOrigins),
  isFromCommandLine: v.boolean(),
  personName: v.exactOptional(v.string()),
  tokenName: v.exactOptional(v.string()),
  jobRequestId: v.exactOptional(v.string()),
  isPlanned: v.exactOptional(v.literal(true)),
  saving: v.exactOptional(v.object({ perHourUsd: count, isApproximate: v.exactOptional(v.literal(true)) })),
  phase: v.picklist(intentPhases),
  requestedAt: instantSchema,
  phaseAt: instantSchema,
  waitMs: count,
  sentAt: v.nullable(instantSchema),
  podStartedAtMs: v.nullable(v.number()),
  podUptimeS: v.nullable(v.number()),
  earlierError: v.nullable(v.object({ reason: v.nullable(v.string()) })),
  isDisputed: v.boolean(),
  waitsForGpu: v.boolean(),
  gpuTries: count,
  rateLimitedTries: count,
  isCalledOff: v.boolean(),
  lacksGpu: v.boolean(),
  refusal: v.nullable(v.picklist(['forbidden', 'other'])),
  earlierFailures: count,
  message: v.nullable(v.string()),
})

/** Parses an intent read from a journal; null when it is invalid. */
export function parseIntent(value: unknown): Intent | null {
  const parsed = v.safeParse(intentSchema, value)
  return parsed.success ? parsed.output : null
}
