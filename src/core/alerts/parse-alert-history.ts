import * as v from 'valibot'
import { alertKinds } from './alert'
import { type AlertHistory, alertName, type AlertRecord } from './alert-history'

const recordSchema = v.object({
  kind: v.picklist(alertKinds),
  accountId: v.string(),
  podId: v.nullable(v.string()),
  // Older versions stored numbers.
  episode: v.union([v.string(), v.pipe(v.number(), v.transform(String))]),
  atMs: v.pipe(v.number(), v.finite()),
  state: v.optional(v.picklist(['said', 'held', 'dropped']), 'said'),
  deliveredAtMs: v.exactOptional(v.pipe(v.number(), v.finite())),
})

/** Parses records read from a file of any earlier version. Invalid ones are dropped. */
export function parseAlertHistory(value: unknown): AlertHistory {
  const history: Record<string, AlertRecord> = {}
  for (const entry of Object.values(typeof value === 'object' && value !== null ? value : {})) {
    const parsed = v.safeParse(recordSchema, entry)
    if (parsed.success) history[alertName(parsed.output)] = parsed.output
  }
  return history
}
