import { formatTimeOfDay } from '../../core/base/text/format'
import type { Alert } from '../../core/alerts/alert'
import { unconfirmedText } from '../../core/intents/action-text'
import type { IntentView } from '../../core/intents/intent-view'
import type { PodView, Snapshot } from '../../core/view/snapshot'
import { connectionProblem } from '../../core/view/tray/tray-model'
import { isAboutFolder, type ObstacleView } from '../../core/obstacles/obstacle'
import { obstacleLine } from '../../core/obstacles/obstacle-text'
import { MINUTE_MS } from '../../core/base/time/time'
import { isOverdueStart } from '../../core/containers/container-text'
import { serviceOf } from '../../core/pods/labs/service-name'
import { problemAdvice, progressText } from '../../core/logs/progress-text'
import { activityJson, containerJson, iso, progressJson } from '../output/json'
import { summaryText } from '../commands/status'
import { changesText } from './watch-text'

/** An event, as text and as fields for programs. */
export interface WatchEvent {
  readonly event:
    | 'account'
    | 'pod'
    | 'progress'
    | 'gone'
    | 'connection'
    | 'action'
    | 'alert'
    | 'notice'
    | 'obstacle'
    | 'role'
    | 'served'
  readonly text: string
  readonly fields: Readonly<Record<string, unknown>>
}

interface ReportedPod {
  readonly name: string
  readonly phase: string
  readonly activity: string
  readonly container: string
  readonly intent: string
  readonly progress: string
}

/**
 * Finds what changed between snapshots. The first snapshot with pods produces an event for the account and each pod.
 */
export function createChangeDetector(): (snapshot: Snapshot) => readonly WatchEvent[] {
  const known = new Map<string, ReportedPod>()
  const reportedNotices = new Set<string>()
  let reportedObstacles: ReadonlySet<string> = new Set()
  let connection = 'connecting'
  let isListed = false

  function connectionEvents(snapshot: Snapshot): WatchEvent[] {
    const { kind } = snapshot.connection
    if (kind === connection || kind === 'connecting') return []
    const hadProblem = connection !== 'connecting' && connection !== 'live'
    connection = kind
    if (kind === 'live' && !hadProblem) return []
    const failure = 'failure' in snapshot.connection ? ` ${snapshot.connection.failure}` : ''
    const text =
      kind === 'live'
        ? changesText.respondsAgain
        : `${connectionProblem(snapshot.connection) ?? kind}.${failure}`
    return [{ event: 'connection', text, fields: { connection: kind } }]
  }

  function podEvents(snapshot: Snapshot): WatchEvent[] {
    return snapshot.pods.flatMap((pod) => {
      const previous = known.get(pod.id)
      const current: ReportedPod = {
        name: pod.name,
        phase: pod.phase === 'unknown' ? pod.rawStatus : pod.phase,
        activity: activityKey(pod) ?? previous?.activity ?? '',
        container: containerKey(pod),
        intent: pod.intent === null ? '' : `${pod.intent.id} ${pod.intent.phase}`,
        progress: progressKey(pod),
      }
      known.set(pod.id, current)
      const events: WatchEvent[] = []
      if (current.intent !== (previous?.intent ?? '') && pod.intent !== null)
        events.push(actionEvent(pod, pod.intent))
      const isOther = (['phase', 'activity', 'container'] as const).some(
        (part) => previous?.[part] !== current[part],
      )
      if (isOther) events.push(podEvent(pod, snapshot.atMs))
      if (current.progress !== '' && previous?.progress !== current.progress) events.push(progressEvent(pod))
      return events
    })
  }

  /** Each once, for as long as it lasts. The role of the program is an event of its own. */
  function obstacleEvents({ obstacles }: Snapshot): WatchEvent[] {
    const nameOf = ({ code, podId, sinceMs }: ObstacleView): string => `${code} ${podId} ${sinceMs}`
    const current = obstacles.filter((one) => !isAboutFolder(one))
    const added = current.filter((one) => !reportedObstacles.has(nameOf(one)))
    reportedObstacles = new Set(current.map(nameOf))
    return added.map((one) => ({
      event: 'obstacle',
      text: `${obstacleLine(one)} ${one.help}`,
      fields: { obstacle: one.code, podId: one.podId, pod: one.podName, why: one.why },
    }))
  }

  function goneEvents({ gonePods }: Snapshot): WatchEvent[] {
    return gonePods
      .filter(({ id }) => known.delete(id))
      .map(({ id, name, how, goneAtMs }) => ({
        event: 'gone',
        text: changesText.gone(name, how),
        fields: { podId: id, pod: name, how, goneAt: iso(goneAtMs) },
      }))
  }

  return (snapshot) => {
    const notices = snapshot.notices.filter(({ id }) => !reportedNotices.has(id))
    for (const { id } of notices) reportedNotices.add(id)
    const isFirstList = !isListed && snapshot.listedAtMs !== null
    isListed ||= isFirstList
    return [
      ...notices.map(({ text, podId }): WatchEvent => ({ event: 'notice', text, fields: { podId } })),
      ...connectionEvents(snapshot),
      ...obstacleEvents(snapshot),
      ...(isFirstList ? [accountEvent(snapshot)] : []),
      ...podEvents(snapshot),
      ...goneEvents(snapshot),
    ]
  }
}

export function alertEvent({ key: { kind, podId }, title, body }: Alert): WatchEvent {
  return { event: 'alert', text: `${title}. ${body}`, fields: { kind, podId, title, body } }
}

/** The event as one line of text with its local time. */
export const eventText = ({ text }: WatchEvent, atMs: number): string => `${formatTimeOfDay(atMs)}  ${text}`

/** The event as one line of JSON. `computer`: what this one is called. */
export const eventJson = ({ event, text, fields }: WatchEvent, atMs: number, computer: string): string =>
  JSON.stringify({ at: iso(atMs), computer, event, text, ...fields })

function accountEvent(snapshot: Snapshot): WatchEvent {
  const { account, burn } = snapshot
  return {
    event: 'account',
    text: `${account?.host ?? ''}: ${summaryText(snapshot)}`,
    fields: {
      account: account?.id ?? null,
      pods: snapshot.pods.length,
      burnPerHourUsd: burn.perHourUsd,
    },
  }
}

function podEvent(pod: PodView, asOfMs: number): WatchEvent {
  return {
    event: 'pod',
    text: `${pod.name} ${changesText.pod(pod, asOfMs)}`,
    fields: {
      podId: pod.id,
      pod: pod.name,
      state: pod.phase,
      rawStatus: pod.rawStatus,
      activity: pod.phase === 'running' ? activityJson(pod.activity) : null,
      container: containerJson(pod.container),
      costPerHourUsd: pod.costPerHourUsd,
    },
  }
}

function phaseText({ phase, action }: IntentView): string {
  if (phase === 'did-not-happen') return unconfirmedText(action)
  return phase === 'cancelled' ? 'canceled' : phase
}

function actionEvent({ id, name }: PodView, intent: IntentView): WatchEvent {
  const { id: actionId, action, phase, message, requester, tokenName = null, personName = null } = intent
  return {
    event: 'action',
    text: `${name}: ${action} ${phaseText(intent)}${message === null ? '' : `. ${message}`}`,
    fields: {
      podId: id,
      pod: name,
      action,
      phase,
      message,
      actionId,
      requester,
      token: tokenName,
      person: personName,
    },
  }
}

/** A running pod's activity if it is worth a line; null for no change, because the first idle minute means little. */
function activityKey({ phase, activity }: PodView): string | null {
  if (phase !== 'running') return ''
  if (activity.kind === 'idle') return activity.idleForMs < MINUTE_MS ? null : 'idle'
  return activity.kind
}

/** What of its container is worth a line; empty: nothing. */
const containerKey = ({ container }: PodView): string =>
  container === undefined ? '' : isOverdueStart(container) ? 'overdue' : container.kind

/** Of the system log, in a line about a problem. */
const LAST_LINES = 3
/** A pull is worth a line at each quarter. */
const PULL_STEP_PERCENT = 25

/** What of the progress is worth a line; empty: there is none. */
function progressKey({ progress }: PodView): string {
  if (progress === undefined) return ''
  const { pull, problem } = progress
  const percent = pull?.percent ?? null
  const quarter = percent === null ? '' : Math.floor(percent / PULL_STEP_PERCENT)
  const text = progressText({ ...progress, pull: null })
  return JSON.stringify([problem?.kind ?? text, quarter])
}

function progressEvent(pod: PodView): WatchEvent {
  const { id, name, progress } = pod
  if (progress === undefined) throw new Error('The pod has no progress.')
  const { problem, lines } = progress
  const last = lines.slice(-LAST_LINES).map(({ text }) => text)
  const more =
    problem === null
      ? ''
      : `. ${[problemAdvice(problem, serviceOf(pod)), ...(last.length === 0 ? [] : [changesText.logEnds(last)])].join(' ')}`
  return {
    event: 'progress',
    text: `${name}: ${progressText(progress)}${more}`,
    fields: { podId: id, pod: name, progress: progressJson(progress) },
  }
}
