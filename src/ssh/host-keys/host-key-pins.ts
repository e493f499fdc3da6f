import * as v from 'valibot'
import type { AccountId, PodId } from '../../core/pods/pod'
import { fingerprintOf, type PublicKey, readPublicKey } from '../keys/public-key'

/** What a key belongs to: one pod at any address, or a host that serves many pods of an account (the proxy). */
export type PinScope =
  | { readonly kind: 'pod'; readonly accountId: AccountId; readonly podId: PodId }
  | { readonly kind: 'host'; readonly accountId: AccountId; readonly host: string; readonly port: number }

/** A host key that the user has accepted. */
export interface HostKeyPin {
  readonly scope: PinScope
  readonly key: PublicKey
  readonly pinnedAtMs: number
  /** The latest start of the pod at which it showed this key, Unix ms; null if unknown. */
  readonly startedAtMs: number | null
}

const MAX_PINS = 10_000

const shortText = v.pipe(v.string(), v.nonEmpty(), v.maxLength(300))
const timeMs = v.pipe(v.number(), v.finite())
const scope = v.variant('kind', [
  v.strictObject({ kind: v.literal('pod'), accountId: shortText, podId: shortText }),
  v.strictObject({
    kind: v.literal('host'),
    accountId: shortText,
    host: shortText,
    port: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535)),
  }),
])
const pin = v.strictObject({
  scope,
  algorithm: shortText,
  key: v.pipe(v.string(), v.base64(), v.maxLength(8_192)),
  fingerprint: shortText,
  pinnedAtMs: timeMs,
  startedAtMs: v.nullable(timeMs),
})
const file = v.strictObject({ version: v.literal(1), keys: v.pipe(v.array(pin), v.maxLength(MAX_PINS)) })

/** Null if the text is not a valid pin file or any part of it was altered; then none of it is trusted. */
export function parsePins(text: string): readonly HostKeyPin[] | null {
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), file), text)
  if (!read.success) return null
  const pins = read.output.keys.map((entry) => {
    const key = readPublicKey(Buffer.from(entry.key, 'base64'))
    const isConsistent = key?.algorithm === entry.algorithm && fingerprintOf(key.blob) === entry.fingerprint
    return isConsistent ? { ...entry, key } : null
  })
  const consistent = pins.filter((each) => each !== null)
  const areUnique = new Set(consistent.map((each) => scopeKey(each.scope))).size === pins.length
  return areUnique
    ? consistent.map((each) => ({
        scope: each.scope,
        key: each.key,
        pinnedAtMs: each.pinnedAtMs,
        startedAtMs: each.startedAtMs,
      }))
    : null
}

export function serializePins(pins: readonly HostKeyPin[]): string {
  const keys = pins.map(({ scope: target, key, pinnedAtMs, startedAtMs }) => ({
    scope: target,
    algorithm: key.algorithm,
    key: key.blob.toString('base64'),
    fingerprint: fingerprintOf(key.blob),
    pinnedAtMs,
    startedAtMs,
  }))
  return `${JSON.stringify({ version: 1, keys }, null, 2)}\n`
}

export function findPin(pins: readonly HostKeyPin[], target: PinScope): HostKeyPin | null {
  return pins.find((each) => scopeKey(each.scope) === scopeKey(target)) ?? null
}

/** The keys that other accounts know of the same host. */
export function pinsOfOthers(pins: readonly HostKeyPin[], target: PinScope): readonly HostKeyPin[] {
  if (target.kind !== 'host') return []
  return pins.filter(
    ({ scope: { accountId, ...place } }) =>
      accountId !== target.accountId &&
      scopeKey({ ...place, accountId: target.accountId } as PinScope) === scopeKey(target),
  )
}

/** Replaces the pin of the same scope. If there are too many pins, the oldest are removed. */
export function withPin(pins: readonly HostKeyPin[], added: HostKeyPin): readonly HostKeyPin[] {
  return [...withoutPin(pins, added.scope), added].slice(-MAX_PINS)
}

export function withoutPin(pins: readonly HostKeyPin[], target: PinScope): readonly HostKeyPin[] {
  return pins.filter((each) => scopeKey(each.scope) !== scopeKey(target))
}

/** The pin updated after its key was seen again; the same object if nothing changed. */
export function withStartTime(known: HostKeyPin, startedAtMs: number | null): HostKeyPin {
  const isLater = startedAtMs !== null && (known.startedAtMs === null || startedAtMs > known.startedAtMs)
  return isLater ? { ...known, startedAtMs } : known
}

function scopeKey(target: PinScope): string {
  return target.kind === 'pod'
    ? JSON.stringify(['pod', target.accountId, target.podId])
    : JSON.stringify(['host', target.accountId, target.host.toLowerCase(), target.port])
}
