import type { AccountRules } from '../../src/core/pod-rules/pod-rules'
import type { ProviderErrorKind } from '../../src/core/pods/provider'
import { defaultSettings, type Settings } from '../../src/core/settings/settings'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/core/base/time/time'
import { createSeededRandom, type SeededRandom } from '../seeded-random'
import { type Malformation, pickMalformation } from './malformations'
import type { UserCommand } from './user-commands'
import { type PodScript, writePodScript } from './pod-script'
import { type TelemetryFaults, writeTelemetryFaults } from './telemetry-faults'
import { writeCommand, writeGuard, writeGuardSettings } from './write-commands'

/** A pod as the cloud stores it, and what it will do. */
export interface PodPlan extends PodScript {
  readonly volume: 'own' | 'network' | 'none' | 'unreadable'
  readonly isLocked: boolean | null
  readonly clusterId: string | null
  readonly costPerHourUsd: number | null
  /** How long before the start of the simulation the pod was started, ms. */
  readonly startedBeforeMs: number
  /** What is wrong with its description in every reply; null: nothing. */
  readonly malformation: Malformation | null
  readonly actionFault: ActionFault | null
  /** Its host key is trusted, so that a look from inside is possible. */
  readonly isHostKeyTrusted: boolean
}

/** How the API refuses actions on a pod, whoever asks. */
export interface ActionFault {
  readonly how: ProviderErrorKind
  /** How many requests it refuses; Infinity: all. */
  readonly times: number
}

/** Something that happens to an account, the computer, or a pod. */
export type ScriptEvent = { readonly atMs: number } & (
  | { readonly kind: 'sleep'; readonly forMs: number; readonly isAnnounced: boolean }
  /** No successful response for a while. */
  | {
      readonly kind: 'outage'
      readonly forMs: number
      readonly how: ProviderErrorKind
      readonly retryAfterMs: number
    }
  /** Lists are missing some pods and say so. */
  | { readonly kind: 'partial-lists'; readonly forMs: number }
  | { readonly kind: 'clock-jump'; readonly byMs: number }
  /** The program crashes at the `afterCalls`th request, write or notification from then on. */
  | {
      readonly kind: 'kill'
      readonly afterCalls: number
      readonly isBefore: boolean
      readonly downMs: number
    }
  /** Another program starts on the same data folder and waits; `forMs` later the active one ends. */
  | { readonly kind: 'second-program'; readonly forMs: number }
  /** The system doesn't show notifications for a while. */
  | { readonly kind: 'mute'; readonly forMs: number }
  /** Someone else acts on the pod, or the pod itself changes. `crash`: its container restarts. */
  | { readonly kind: 'order'; readonly command: UserCommand }
  | {
      readonly kind: 'pod'
      readonly podId: string
      readonly type: 'stop' | 'start' | 'restart' | 'crash' | 'vanish'
    }
)

/** Everything that will happen to one account, except what the program does. */
export interface AccountScript {
  readonly seed: number
  readonly fromMs: number
  readonly toMs: number
  readonly settings: Partial<Settings>
  /** The guard settings that the user made beforehand. */
  readonly guard: AccountRules
  readonly pods: readonly PodPlan[]
  readonly telemetry: TelemetryFaults
  /** The spacing of polls that the API's quota allows, seconds; 0: any. */
  readonly quotaPollS: number
  /** Sorted by time. */
  readonly events: readonly ScriptEvent[]
}

/** How often the program polls an account with a running pod, seconds. */
export const pollSecondsOf = ({ quotaPollS, settings }: AccountScript): number =>
  Math.max(settings.pollActiveS ?? defaultSettings.pollActiveS, quotaPollS)

/** 2026-11-24 14:05 UTC. */
const FROM_MS = Date.UTC(2026, 10, 24, 14, 5)
/** Until the last day of the month, after which budgets start over. */
const LAST_DAY_MS = 5 * DAY_MS
const NAMES = ['llama-70b', 'trainer', 'comfy', 'sdxl', 'whisper', 'notebook', 'colleague'] as const

/** How long an account is simulated: about a day, or as long as a test can take. */
export type ScriptLength = 'whole' | 'short'
const HOURS: Readonly<Record<ScriptLength, readonly [number, number]>> = { whole: [8, 20], short: [2.5, 6] }
/** Frequent polls are expensive to simulate. */
const HOURS_OF_FREQUENT_POLLS: typeof HOURS = { whole: [5, 10], short: [2, 4] }

/** What accounts of one program share. */
export type ScriptFrame = Pick<AccountScript, 'fromMs' | 'toMs' | 'settings' | 'telemetry' | 'quotaPollS'>

/** Generates the account of a seed with `podCount` pods. `frame`: of the program's first account. */
export function writeAccountScript(
  seed: number,
  podCount: number,
  length: ScriptLength,
  frame: ScriptFrame | null = null,
): AccountScript {
  const random = createSeededRandom(seed)
  const ownTelemetry = writeTelemetryFaults(random)
  const telemetry = frame?.telemetry ?? ownTelemetry
  // With many polls missing, only the usual frequency leaves enough of them.
  const isFrequent = telemetry.missingClass === '20%' || random.bool(0.1)
  const slowPollS = random.pick([60, 90, 120])
  const isQuotaTight = random.bool(0.5)
  const pollActiveS = isFrequent || isQuotaTight ? defaultSettings.pollActiveS : slowPollS
  const quotaPollS = isFrequent || !isQuotaTight ? 0 : slowPollS
  const hours = isFrequent ? HOURS_OF_FREQUENT_POLLS : HOURS
  const dayMs = random.bool(0.15) ? LAST_DAY_MS : 0
  const ownFromMs = FROM_MS + dayMs + random.integer(0, 23) * HOUR_MS + random.integer(0, 59_999)
  const ownToMs = ownFromMs + random.between(...hours[length]) * HOUR_MS
  const { fromMs, toMs } = frame ?? { fromMs: ownFromMs, toMs: ownToMs }
  // Everybody leaves, and all pods are forgotten at once.
  const nightMs = random.bool(0.4) ? random.between(fromMs, fromMs + (toMs - fromMs) / 2) : Infinity
  // Sometimes the API stops none of the forgotten pods but the last ones.
  const stubbornPods = nightMs < Infinity && random.bool(0.25) ? random.integer(1, 2) : 0
  const pods = Array.from({ length: podCount }, (_, at): PodPlan => {
    const id = `pod-${at + 1}`
    const malformation = random.bool(0.15) ? pickMalformation(random) : null
    const script = writePodScript(id, `${NAMES[at % NAMES.length]}-${at + 1}`, random, fromMs, toMs, nightMs)
    return {
      ...script,
      // The documented default is one GPU.
      ...(malformation === 'gpu-count-missing' && script.gpus > 0 && { gpus: 1 }),
      malformation,
      actionFault: at < stubbornPods || random.bool(0.12) ? writeActionFault(random) : null,
      isHostKeyTrusted: random.bool(0.6),
      volume: random.bool(0.65) ? 'own' : random.pick(['network', 'none', 'none', 'unreadable']),
      isLocked: random.bool(0.9) ? false : random.pick([true, null]),
      clusterId: random.bool(0.07) ? 'cluster-1' : null,
      costPerHourUsd: random.bool(0.95) ? random.between(0.2, 30) : null,
      startedBeforeMs: random.between(0, 5) * HOUR_MS,
    }
  })
  const ownSettings = {
    ...writeGuardSettings(random),
    pollActiveS,
    ...((isFrequent || length === 'short') && { autoStopAfterMin: random.pick([60, 60, 90, 120]) }),
  }
  return {
    seed,
    fromMs,
    toMs,
    settings: frame?.settings ?? ownSettings,
    guard: writeGuard(
      pods.map(({ id }) => id),
      random,
    ),
    pods,
    telemetry,
    quotaPollS: frame?.quotaPollS ?? quotaPollS,
    events: eventsOf(pods, random, fromMs, toMs),
  }
}

function writeActionFault(random: SeededRandom): ActionFault {
  const how = random.pick(['forbidden', 'rate-limited', 'unreachable', 'conflict', 'invalid'] as const)
  return { how, times: random.bool(0.5) ? Infinity : random.integer(1, 3) }
}

function eventsOf(
  pods: readonly PodPlan[],
  random: SeededRandom,
  fromMs: number,
  toMs: number,
): readonly ScriptEvent[] {
  const events: ScriptEvent[] = []
  const addRandomly = (expectedCount: number, write: (atMs: number) => ScriptEvent): void => {
    for (let left = expectedCount; left > 0; left -= 1)
      if (random.bool(Math.min(1, left))) events.push(write(random.between(fromMs, toMs)))
  }
  // Every third account has no disturbances, so that required stops can be observed.
  const disturbanceRate = random.bool(0.33) ? 0 : random.between(0.3, 2.5)
  const span = (lowS: number, highS: number): number => {
    const share = random.next()
    return lowS * SECOND_MS * (highS / lowS) ** share
  }
  addRandomly(disturbanceRate, (atMs) => ({
    kind: 'sleep',
    atMs,
    forMs: span(5, 36_000),
    isAnnounced: random.bool(0.7),
  }))
  addRandomly(disturbanceRate, (atMs) => ({
    kind: 'outage',
    atMs,
    forMs: span(10, 10_800),
    how: random.pick(OUTAGE_KINDS),
    retryAfterMs: random.pick([0, 30_000]),
  }))
  // Failures of the kind that happens every day.
  addRandomly(random.bool(0.5) ? 4 : 0, (atMs) => ({
    kind: 'outage',
    atMs,
    forMs: span(5, 100),
    how: random.pick(['unreachable', 'unreadable', 'rate-limited']),
    retryAfterMs: random.pick([0, 5_000]),
  }))
  addRandomly(disturbanceRate / 2, (atMs) => ({ kind: 'partial-lists', atMs, forMs: span(60, 3_600) }))
  addRandomly(disturbanceRate / 2, (atMs) => ({ kind: 'clock-jump', atMs, byMs: clockJumpMs(random) }))
  addRandomly(disturbanceRate / 2, (atMs) => ({ kind: 'mute', atMs, forMs: span(60, 14_400) }))
  addRandomly(disturbanceRate, (atMs) => ({
    kind: 'kill',
    atMs,
    afterCalls: random.integer(1, 6),
    isBefore: random.bool(0.5),
    downMs: span(1, 7_200),
  }))
  addRandomly(random.bool(0.2) ? 1 : 0, (atMs) => ({
    kind: 'second-program',
    atMs,
    forMs: span(10, 14_400),
  }))
  const [first, ...others] = pods.map(({ id }) => id)
  if (first !== undefined) {
    const expectedCount = random.bool(0.3) ? 0 : random.between(0, 1.5) * pods.length
    addRandomly(expectedCount, (atMs) => ({
      kind: 'order',
      atMs,
      command: writeCommand([first, ...others], random),
    }))
  }
  for (const { id } of pods) {
    for (let left = random.between(0, 1.2); left > 0; left -= 1)
      if (random.bool(Math.min(1, left))) events.push(...writeUserAction(id, random, fromMs, toMs))
    const podEventRate = disturbanceRate === 0 ? 0.1 : 0.6
    addRandomly(podEventRate, (atMs) => {
      const type = random.pick(POD_EVENTS)
      return { kind: 'pod', atMs, podId: id, type }
    })
    addRandomly(podEventRate, (atMs) => ({ kind: 'pod', atMs, podId: id, type: 'start' }))
  }
  return events.sort((a, b) => a.atMs - b.atMs)
}

/** The user stops a pod and sometimes undoes it a moment later, or the program crashes in between. */
function writeUserAction(
  podId: string,
  random: SeededRandom,
  fromMs: number,
  toMs: number,
): readonly ScriptEvent[] {
  const atMs = random.between(fromMs, toMs)
  const soonMs = (): number => atMs + random.between(0.01, 8) * SECOND_MS
  const action = random.bool(0.8) ? 'stop' : 'restart'
  const events: ScriptEvent[] = [{ kind: 'order', atMs, command: { type: 'act', podId, action } }]
  if (random.bool(0.5)) events.push({ kind: 'order', atMs: soonMs(), command: { type: 'undo', podId } })
  if (random.bool(0.15)) {
    const downMs = random.between(1, 600) * SECOND_MS
    events.push({
      kind: 'kill',
      atMs: soonMs(),
      afterCalls: random.integer(1, 3),
      isBefore: random.bool(0.5),
      downMs,
    })
  }
  // Keeps the pod running.
  if (random.bool(0.7))
    events.push({ kind: 'pod', atMs: atMs + random.between(0.2, 3) * HOUR_MS, podId, type: 'start' })
  return events
}

const POD_EVENTS = ['stop', 'start', 'restart', 'crash', 'vanish'] as const
const OUTAGE_KINDS = ['unreachable', 'unreachable', 'rate-limited', 'unreadable', 'unauthorized'] as const

function clockJumpMs(random: SeededRandom): number {
  const sizeMs = random.pick([HOUR_MS, HOUR_MS, 6 * MINUTE_MS, 20 * SECOND_MS])
  return random.bool(0.5) ? sizeMs : -sizeMs
}
