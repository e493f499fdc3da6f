import * as v from 'valibot'
import { alertKinds } from './alert'
import { type AlertHistory, alertName, type AlertRecord } from './alert-history'

const recordSchema = v.object({
  kind: v.picklist(alertKinds),
  accountId: v.string(),
  podId: v.nullable(v.string()),
  episode: v.string(),
  atMs: v.pipe(v.number(), v.finite()),
  state: v.picklist(['said', 'held', 'dropped']),
  deliveredAtMs: v.exactOptional(v.pipe(v.number(), v.finite())),
})

/** Parses records read from a file. Invalid ones are dropped. */
export function parseAlertHistory(value: unknown): AlertHistory {
  const history: Record<string, AlertRecord> = {}
  for (const entry of Object.values(typeof value === 'object' && value !== null ? value : {})) {
    const parsed = v.safeParse(recordSchema, entry)
    if (parsed.success) history[alertName(parsed.output)] = parsed.output
  }
  return history
}
