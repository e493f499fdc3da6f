import * as v from 'valibot'
import type { AccountId } from '../pods/pod'
import type { KnownPods } from './known-pods'

const time = v.pipe(v.number(), v.finite())
const accountSchema = v.object({
  listedAtMs: time,
  pods: v.record(v.string(), time),
  appearances: v.array(
    v.object({
      episode: v.string(),
      atMs: time,
      unwatchedSinceMs: v.nullable(time),
      isCritical: v.boolean(),
      alertPodId: v.nullable(v.string()),
      podIds: v.array(v.string()),
    }),
  ),
})
const fileSchema = v.object({ version: v.literal(1), accounts: v.record(v.string(), v.unknown()) })

/** What is known of each account. A part that is malformed is left out, as if the account had not been listed. */
export function parseKnownPods(value: unknown): Readonly<Record<AccountId, KnownPods>> {
  const file = v.safeParse(fileSchema, value)
  if (!file.success) return {}
  return Object.fromEntries(
    Object.entries(file.output.accounts).flatMap(([accountId, part]) => {
      const parsed = v.safeParse(accountSchema, part)
      return parsed.success ? [[accountId, parsed.output]] : []
    }),
  )
}
