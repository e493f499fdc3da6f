import * as v from 'valibot'
import type { AccountId, PodId } from '../../core/pods/pod'
import { fingerprintOf, type PublicKey, readPublicKey } from '../keys/public-key'

/** Whose key it is: of one pod, wherever it answers, or of a host that carries many, the proxy. */
export type PinScope =
  | { readonly kind: 'pod'; readonly accountId: AccountId; readonly podId: PodId }
  | { readonly kind: 'host'; readonly host: string; readonly port: number }

/** A key by which a person knows a server. */
export interface HostKeyPin {
  readonly scope: PinScope
  readonly key: PublicKey
  readonly pinnedAtMs: number
  /** The latest start of the pod at which it showed this key, Unix ms; null: not known. */
  readonly startedAtMs: number | null
}

const MAX_PINS = 10_000

const word = v.pipe(v.string(), v.nonEmpty(), v.maxLength(300))
const timeMs = v.pipe(v.number(), v.finite())
const scope = v.variant('kind', [
  v.strictObject({ kind: v.literal('pod'), accountId: word, podId: word }),
  v.strictObject({
    kind: v.literal('host'),
    host: word,
    port: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535)),
  }),
])
const pin = v.strictObject({
  scope,
  algorithm: word,
  key: v.pipe(v.string(), v.base64(), v.maxLength(8_192)),
  fingerprint: word,
  pinnedAtMs: timeMs,
  startedAtMs: v.nullable(timeMs),
})
const file = v.strictObject({ version: v.literal(1), keys: v.pipe(v.array(pin), v.maxLength(MAX_PINS)) })

/** Null: this is no such file, or any of it is not what was written; then none of it is believed. */
export function parsePins(text: string): readonly HostKeyPin[] | null {
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), file), text)
  if (!read.success) return null
  const pins = read.output.keys.map((entry) => {
    const key = readPublicKey(Buffer.from(entry.key, 'base64'))
    const isWhole = key?.algorithm === entry.algorithm && fingerprintOf(key.blob) === entry.fingerprint
    return isWhole ? { ...entry, key } : null
  })
  const whole = pins.filter((each) => each !== null)
  const isEachOnce = new Set(whole.map((each) => nameOfScope(each.scope))).size === pins.length
  return isEachOnce
    ? whole.map((each) => ({
        scope: each.scope,
        key: each.key,
        pinnedAtMs: each.pinnedAtMs,
        startedAtMs: each.startedAtMs,
      }))
    : null
}

export function pinsToText(pins: readonly HostKeyPin[]): string {
  const keys = pins.map(({ scope: whose, key, pinnedAtMs, startedAtMs }) => ({
    scope: whose,
    algorithm: key.algorithm,
    key: key.blob.toString('base64'),
    fingerprint: fingerprintOf(key.blob),
    pinnedAtMs,
    startedAtMs,
  }))
  return `${JSON.stringify({ version: 1, keys }, null, 2)}\n`
}

export function findPin(pins: readonly HostKeyPin[], whose: PinScope): HostKeyPin | null {
  return pins.find((each) => nameOfScope(each.scope) === nameOfScope(whose)) ?? null
}

/** In place of what was known by the same scope; the oldest go when there are too many. */
export function withPin(pins: readonly HostKeyPin[], added: HostKeyPin): readonly HostKeyPin[] {
  return [...withoutPin(pins, added.scope), added].slice(-MAX_PINS)
}

export function withoutPin(pins: readonly HostKeyPin[], whose: PinScope): readonly HostKeyPin[] {
  return pins.filter((each) => nameOfScope(each.scope) !== nameOfScope(whose))
}

/** The pin as it is after its key was seen once more; itself when that tells nothing new. */
export function seenAgain(known: HostKeyPin, startedAtMs: number | null): HostKeyPin {
  const isLater = startedAtMs !== null && (known.startedAtMs === null || startedAtMs > known.startedAtMs)
  return isLater ? { ...known, startedAtMs } : known
}

function nameOfScope(whose: PinScope): string {
  return whose.kind === 'pod'
    ? JSON.stringify(['pod', whose.accountId, whose.podId])
    : JSON.stringify(['host', whose.host.toLowerCase(), whose.port])
}
