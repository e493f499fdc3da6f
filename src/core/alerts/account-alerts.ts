import { alertSwitches } from './alert-switches'
import type { AlertRules } from './alert-plan'
import { nameOfAlert } from './alert-history'
import type { Announcement, Deliveries } from './alert'
import { type AnnouncerOptions, createAnnouncer } from './alert-dispatcher'
import {
  endOfIntent,
  goneAnnouncement,
  keyAnnouncement,
  outageAnnouncement,
  podAnnouncement,
  terminatedAnnouncement,
} from './alert-text'
import { isGoneBy, isStartOf, isStillNews, isTerminatedByRule } from './intent-outcomes'
import type { Intent } from '../intents/intent'
import { lengthOf, type Outage, withFailedTry } from '../polling/outage'
import type { Tombstone } from '../polling/pod-inventory'
import type { AccountId, Pod } from '../pods/pod'
import {
  eventsOf,
  firstEpisode,
  newPodWatch,
  type PodEvent,
  type PodEventKind,
  type PodEventRules,
  withPods,
} from '../polling/pod-events'
import type { Clock } from '../base/clock'
import { isInQuietHours } from '../settings/definitions/quiet-hours'
import type { Settings } from '../settings/settings'
import type { Connection } from '../polling/connection'
import { createTerminalNewsDesk, type TerminalNewsDesk } from './terminal-alerts'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../base/time'

export interface AlertDeskOptions extends Omit<AnnouncerOptions, 'nowMs' | 'rules'> {
  readonly accountId: AccountId
  readonly clock: Pick<Clock, 'now'>
  readonly settings: () => Settings
  readonly arePaused: () => boolean
  /** Whether some pod may be stopped automatically, so that a refused key disarms something. */
  readonly areRulesArmed: () => boolean
  /** Intents of earlier runs: how they ended may not have been said. */
  readonly earlier: readonly Intent[]
}

/** Finds what is worth an alert, and has all that holds announced, turn after turn. Product rules, "Alerts". */
export interface AlertDesk extends Deliveries {
  /** After a good look; `others`: what the rules of the guard say now. */
  look(pods: readonly Pod[], tombstones: readonly Tombstone[], others: readonly Announcement[]): void
  /** After a look that failed. */
  miss(connection: Connection): void
  /** Where no turn comes by itself, as with a refused key: what is said of the connection may still have to be said. */
  again(connection: Connection): void
  takeIntent(intent: Intent): void
  /** See `TerminalNewsDesk`. */
  noteTerminal: TerminalNewsDesk['noteTerminal']
  areNotificationsFailing(): boolean
}

/** News, as that a pod is ready, is none any more after this. */
const NEWS_LASTS_MS = 12 * HOUR_MS
/** Kinds of the connection, which another process may name otherwise, are said at most once in this. */
const CONNECTION_EVERY_MS = HOUR_MS

export function createAlertDesk(options: AlertDeskOptions): AlertDesk {
  const { accountId, clock, settings } = options
  const announcer = createAnnouncer({ ...options, nowMs: () => clock.now().wallMs, rules: rulesAt })
  const terminals = createTerminalNewsDesk(accountId, options.log, clock, (said) =>
    announcer.announce([said], false),
  )
  let watch = newPodWatch
  let outage: Outage | null = null
  /** The last of each pod. */
  const intents = new Map(options.earlier.map((intent) => [intent.podId, intent]))
  /** Those that this run saw end. How others ended was said by whoever saw it, or is held. */
  const seenIntents = new Set<string>()

  function rulesAt(nowMs: number): AlertRules {
    const now = settings()
    return {
      isOn: (kind) => kind === 'app' || now[alertSwitches[kind]],
      arePaused: options.arePaused(),
      isQuietTime: isInQuietHours(nowMs, now),
      onceInMs(kind) {
        if (kind === 'idle') return now.idleAlertEveryMin * MINUTE_MS
        return kind === 'unreachable' || kind === 'key-refused' ? CONNECTION_EVERY_MS : 0
      },
    }
  }

  /** Between two looks lie as much as the poll takes, and a gap is more than that. */
  function gapRules(): PodEventRules {
    const { creatingTooLongMin, gapMin, pollIdleS, clockToleranceS } = settings()
    return {
      creatingTooLongMs: creatingTooLongMin * MINUTE_MS,
      gapMs: gapMin * MINUTE_MS + pollIdleS * SECOND_MS,
      clockToleranceMs: clockToleranceS * SECOND_MS,
    }
  }

  /** What silence held back in an earlier run still holds, though this run did not see it happen. */
  function heldFrom(pod: Pod, held: ReadonlySet<string>): PodEvent | null {
    const kind = eventKindOf(pod)
    if (kind === null || held.size === 0) return null
    const episode = firstEpisode(pod)
    if (!held.has(nameOfAlert({ kind, accountId, podId: pod.id, episode }))) return null
    return { kind, podId: pod.id, episode, atMs: clock.now().wallMs, isMissed: false }
  }

  function ofPods(
    pods: readonly Pod[],
    tombstones: readonly Tombstone[],
    held: ReadonlySet<string>,
  ): Announcement[] {
    const nowMs = clock.now().wallMs
    const events = new Map(eventsOf(watch).map((event) => [event.podId, event]))
    const ofListed = pods.flatMap((pod) => {
      const event = events.get(pod.id) ?? heldFrom(pod, held)
      if (event === null || (event.kind === 'pod-ready' && !isReadyNews(event, nowMs))) return []
      const creatingForMs = watch.pods.get(pod.id)?.creatingForMs ?? 0
      return [podAnnouncement(accountId, pod, event, creatingForMs)]
    })
    const ofGone = tombstones.flatMap((tombstone) => {
      const event = events.get(tombstone.id)
      const intent = intents.get(tombstone.id)
      if (event === undefined || isGoneBy(intent, tombstone)) return []
      return [
        isTerminatedByRule(intent)
          ? terminatedAnnouncement(intent)
          : goneAnnouncement(accountId, tombstone, event),
      ]
    })
    return [...ofListed, ...ofGone]
  }

  function isReadyNews({ podId, atMs }: PodEvent, nowMs: number): boolean {
    const isSaidAsGpu = settings().hasGpuFreeAlerts && isStartOf(intents.get(podId), atMs)
    return !isOld(atMs, nowMs) && !isSaidAsGpu
  }

  function heldNames(): ReadonlySet<string> {
    const marks = Object.entries(options.marks.load())
    return new Set(marks.flatMap(([name, { state }]) => (state === 'held' ? [name] : [])))
  }

  /** What became of actions, as far as that still holds. */
  function ofIntents(pods: readonly Pod[], held: ReadonlySet<string>): Announcement[] {
    const nowMs = clock.now().wallMs
    const phases = new Map(pods.map(({ id, phase }) => [id, phase]))
    return [...intents.values()].flatMap((intent) => {
      const phase = phases.get(intent.podId)
      if (phase === undefined || isOld(intent.phaseAt.wallMs, nowMs)) return []
      const said = isStillNews(intent, phase) ? endOfIntent(intent) : null
      if (said === null) return []
      return seenIntents.has(intent.id) || held.has(nameOfAlert(said.key)) ? [said] : []
    })
  }

  function ofConnection(connection: Connection): Announcement[] {
    switch (connection.kind) {
      case 'key-refused':
      case 'forbidden':
        return [keyAnnouncement(accountId, connection, options.areRulesArmed())]
      case 'offline':
      case 'unreadable': {
        const forMs = outage === null ? 0 : lengthOf(outage)
        if (outage === null || forMs < settings().unreachableAlertMin * MINUTE_MS) return []
        return [outageAnnouncement(accountId, connection, outage.since.wallMs, forMs)]
      }
      default:
        return []
    }
  }

  return {
    look(pods, tombstones, others) {
      outage = null
      watch = withPods(watch, pods, tombstones, clock.now(), gapRules())
      const held = heldNames()
      const found = [...ofIntents(pods, held), ...ofPods(pods, tombstones, held)]
      announcer.announce([...others, ...found, ...terminals.announcements()], true)
    },
    miss(connection) {
      outage = withFailedTry(outage, clock.now(), gapRules())
      announcer.announce(ofConnection(connection), false)
    },
    again: (connection) => announcer.announce(ofConnection(connection), false),
    takeIntent(intent) {
      intents.set(intent.podId, intent)
      seenIntents.add(intent.id)
      const said = endOfIntent(intent)
      if (said) announcer.announce([said], false)
    },
    noteTerminal: terminals.noteTerminal,
    areNotificationsFailing: () => announcer.areNotificationsFailing(),
    deliveredAtMs: (key) => announcer.deliveredAtMs(key),
  }
}

const isOld = (atMs: number, nowMs: number): boolean => Math.abs(nowMs - atMs) >= NEWS_LASTS_MS

function eventKindOf({ phase }: Pod): PodEventKind | null {
  switch (phase) {
    case 'running':
      return 'pod-ready'
    case 'error':
      return 'pod-error'
    case 'creating':
      return 'creating-too-long'
    default:
      return null
  }
}
