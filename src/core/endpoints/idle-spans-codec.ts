import * as v from 'valibot'
import { instantSchema } from '../base/time/instant-schema'
import type { AccountId } from '../pods/pod'
import type { IdleSpans } from './endpoint-watch'

const amount = v.pipe(v.number(), v.finite(), v.minValue(0))
const spanSchema = v.object({
  sinceMs: v.pipe(v.number(), v.finite()),
  observedMs: amount,
  costUsd: amount,
  unpricedMs: amount,
  dueAtMs: v.nullable(v.pipe(v.number(), v.finite())),
  last: v.object({
    at: instantSchema,
    idleWorkers: v.pipe(v.number(), v.integer(), v.minValue(1)),
    perWorkerUsd: v.nullable(amount),
  }),
})
const fileSchema = v.object({ version: v.literal(1), accounts: v.record(v.string(), v.unknown()) })

/** Since when endpoints have been idle, by account. A part that is malformed is left out, as if it began now. */
export function parseIdleSpans(value: unknown): Readonly<Record<AccountId, IdleSpans>> {
  const file = v.safeParse(fileSchema, value)
  if (!file.success) return {}
  return Object.fromEntries(
    Object.entries(file.output.accounts).map(([accountId, spans]) => [accountId, readSpans(spans)]),
  )
}

function readSpans(value: unknown): IdleSpans {
  const read = v.safeParse(v.record(v.string(), v.unknown()), value)
  if (!read.success) return {}
  return Object.fromEntries(
    Object.entries(read.output).flatMap(([id, span]) => {
      const parsed = v.safeParse(spanSchema, span)
      return parsed.success ? [[id, parsed.output]] : []
    }),
  )
}
