import { SECOND_MS } from '../base/time/time'
import type { Pod } from '../pods/pod'
import type { Provider } from '../pods/provider'

/** Who ended a run of a pod, as far as the provider says so. */
export type OutsideStopReason = 'outbid' | 'service' | 'user'

/** What the last reading of a run said. A figure that it did not have is null. */
export interface LastReading {
  /** The mean of its GPUs, %. */
  readonly gpuPercent: number | null
  /** USD per hour. */
  readonly perHourUsd: number | null
  /** From this reading to the first that showed the pod as stopped, ms. */
  readonly beforeMs: number
}

/** A stop that nothing here explains. `reason` is null where the provider gives none. */
export interface OutsideStop {
  /** When it was first observed, Unix ms. */
  readonly atMs: number
  readonly reason: OutsideStopReason | null
  /** USD, of around the stop; null unless it was known then. */
  readonly balanceUsd: number | null
  /** Null when the run was not observed. */
  readonly last: LastReading | null
}

/** The figures of a running pod that tell later what it was doing. */
export function lastReadingOf({ telemetry, costPerHourUsd }: Pod): Omit<LastReading, 'beforeMs'> {
  const percents = (telemetry?.gpus ?? []).map(({ utilPercent }) => utilPercent)
  const known = percents.filter((percent) => percent !== null)
  const isWhole = known.length > 0 && known.length === percents.length
  return {
    gpuPercent: isWhole ? known.reduce((sum, percent) => sum + percent, 0) / known.length : null,
    perHourUsd: costPerHourUsd,
  }
}

/**
 * Whether the balance was too low for another hour, which is said beside a stop whose reason is not known, or that
 * the service made.
 */
export function wasBalanceLow({ reason, balanceUsd, last }: Omit<OutsideStop, 'atMs'>): boolean {
  if (balanceUsd === null || reason === 'outbid' || reason === 'user') return false
  return balanceUsd <= 0 || balanceUsd < (last?.perHourUsd ?? 0)
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

/** Reads once for each stop why it came about, where the provider can say that, and what the balance was. */
export interface OutsideStopCauses {
  /** Undefined while it is being read. */
  causeOf(pod: Pod): OutsideStopCause | undefined
}

export type OutsideStopCause = Pick<OutsideStop, 'reason' | 'balanceUsd'>

/** `knownBalanceUsd`: null unless it was read within the last minutes. */
export function createOutsideStopCauses(
  provider: Pick<Provider, 'readStatusChange'>,
  knownBalanceUsd: () => number | null,
  onRead: () => void,
): OutsideStopCauses {
  const causes = new Map<string, OutsideStopCause | undefined>()

  async function read({ id, startedAtMs }: Pod, name: string, balanceUsd: number | null): Promise<void> {
    const change = await provider.readStatusChange?.(id).catch(() => null)
    const reason = change?.ok ? parseOutsideStopReason(change.value, startedAtMs) : null
    causes.set(name, { reason, balanceUsd })
    onRead()
  }

  return {
    causeOf(pod) {
      const name = `${pod.id} ${pod.startedAtMs}`
      if (causes.has(name)) return causes.get(name)
      const balanceUsd = knownBalanceUsd()
      const canRead = provider.readStatusChange !== undefined
      const first = canRead ? undefined : { reason: null, balanceUsd }
      causes.set(name, first)
      if (canRead) void read(pod, name, balanceUsd)
      return first
    },
  }
}
