import { SECOND_MS } from '../base/time/time'
import type { Pod } from '../pods/pod'
import type { Provider } from '../pods/provider'

/** Who ended a run of a pod, as far as the provider says so. */
export type OutsideStopReason = 'outbid' | 'service' | 'user'

/** A stop that nothing here explains. `reason` is null where the provider gives none. */
export interface OutsideStop {
  /** When it was first observed, Unix ms. */
  readonly atMs: number
  readonly reason: OutsideStopReason | null
}

const words: readonly (readonly [RegExp, OutsideStopReason])[] = [
  [/^outbid\b/i, 'outbid'],
  [/^exited by runpod\b/i, 'service'],
  [/^exited by user\b/i, 'user'],
]

/**
 * What Runpod's own words about the last change of a pod's status ("Outbid: Thu Dec 4 2025 …") say of its stop. Null for
 * anything else, and for a change from before the run that ended.
 */
export function parseOutsideStopReason(text: string, startedAtMs: number | null): OutsideStopReason | null {
  const colon = text.indexOf(':')
  const date = colon < 0 ? '' : text.slice(colon + 1).trimStart()
  // Without a time zone the date says too little.
  const atMs = /GMT|UTC|Z$/.test(date) ? Date.parse(withoutZoneName(date)) : Number.NaN
  if (startedAtMs !== null && atMs < startedAtMs - SECOND_MS) return null
  return words.find(([pattern]) => pattern.test(text.trim()))?.[1] ?? null
}

/** Without "(Coordinated Universal Time)" at the end. */
const withoutZoneName = (date: string): string =>
  date.endsWith(')') && date.includes('(') ? date.slice(0, date.indexOf('(')) : date

/** Reads once for each stop why it came about, where the provider can say that. */
export interface OutsideStopReasons {
  /** Undefined while it is being read. */
  reasonOf(pod: Pod): OutsideStopReason | null | undefined
}

export function createOutsideStopReasons(
  provider: Pick<Provider, 'readStatusChange'>,
  onRead: () => void,
): OutsideStopReasons {
  const reasons = new Map<string, OutsideStopReason | null | undefined>()

  async function read({ id, startedAtMs }: Pod, name: string): Promise<void> {
    const change = await provider.readStatusChange?.(id).catch(() => null)
    reasons.set(name, change?.ok ? parseOutsideStopReason(change.value, startedAtMs) : null)
    onRead()
  }

  return {
    reasonOf(pod) {
      if (provider.readStatusChange === undefined) return null
      const name = `${pod.id} ${pod.startedAtMs}`
      if (reasons.has(name)) return reasons.get(name)
      reasons.set(name, undefined)
      void read(pod, name)
      return undefined
    },
  }
}
