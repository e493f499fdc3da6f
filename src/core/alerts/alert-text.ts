import type { AlertKind, Announcement } from './alert'
import { certainAgeMs } from '../pods/confirmed-uptime'
import { formatClock, formatDuration, formatUsdPerHour } from '../base/format'
import type { Intent } from '../intents/intent'
import type { Tombstone } from '../polling/pod-inventory'
import type { Pod } from '../pods/pod'
import type { PodEvent } from '../polling/pod-events'
import { plainName, shortName } from '../pods/pod-name'
import type { Connection } from '../polling/connection'
import { MINUTE_MS } from '../base/time'

/*
 * What is said of events: what happened, since when, what it costs, what to do. Names stand in titles only, cut to
 * what a notification shows.
 */

const TITLE_NAME = 60

/** Whoever asked for an action waits for what becomes of it as long as this. */
const ANSWER_MS = 30 * MINUTE_MS

type Words = Pick<Announcement, 'title' | 'body' | 'tone'>

function about(
  kind: AlertKind,
  accountId: string,
  pod: { readonly id: string; readonly name: string } | null,
  episode: string,
  words: Words,
): Announcement {
  return {
    key: { kind, accountId, podId: pod?.id ?? null, episode },
    podName: pod?.name ?? null,
    isCritical: false,
    buttons: [],
    ...words,
  }
}

/** An event of a pod that is in the list. `creatingMs`: how long it was observed to be creating. */
export function podAnnouncement(
  accountId: string,
  pod: Pod,
  event: PodEvent,
  creatingMs: number,
): Announcement {
  const said = about(event.kind, accountId, pod, event.episode, wordsOf(pod, event, creatingMs))
  return event.isMissed ? { ...said, isMissed: true } : said
}

function wordsOf(pod: Pod, event: PodEvent, creatingMs: number): Words {
  const name = shortName(pod.name, TITLE_NAME)
  const cost = pod.costPerHourUsd
  switch (event.kind) {
    case 'pod-ready': {
      const since = formatClock(pod.startedAtMs ?? event.atMs)
      const price = cost === null ? '' : ` · ${formatUsdPerHour(cost)}`
      return { title: `${name} is ready`, body: `Runpod says it runs, since ${since}${price}`, tone: 'good' }
    }
    case 'creating-too-long': {
      const price = cost === null || cost === 0 ? '' : ` (${formatUsdPerHour(cost)})`
      return {
        title: `${name} is still not ready after ${formatDuration(creatingMs)}`,
        body: `Perhaps paid${price}, surely not usable. Look at its log in Runpod, or stop it.`,
        tone: 'warning',
      }
    }
    default: {
      const reason = sentence(pod.statusReason ?? 'Runpod gives no reason')
      const price = cost === null || cost === 0 ? '' : ` It still costs ${formatUsdPerHour(cost)}.`
      return { title: `${name} has an error`, body: `${reason}${price}`, tone: 'bad' }
    }
  }
}

/** A pod that went without having been told to here. */
export function goneAnnouncement(accountId: string, tombstone: Tombstone, event: PodEvent): Announcement {
  const how =
    tombstone.how === 'reported'
      ? 'Runpod says that it was terminated'
      : 'It is not in Runpod’s list any more'
  const said = about('pod-gone', accountId, tombstone, event.episode, {
    title: `${shortName(tombstone.name, TITLE_NAME)} is gone`,
    body: `${how}, seen at ${formatClock(event.atMs)}: perhaps by someone else, perhaps outbid.`,
    tone: 'warning',
  })
  return event.isMissed ? { ...said, isMissed: true } : said
}

/** What to say of the end of an action, or null: one that a person took back, or that did what was asked, is not news. */
export function endOfIntent(intent: Intent): Announcement | null {
  const { id, accountId, podId, podName, phase, message, waitsForGpu } = intent
  const pod = { id: podId, name: podName }
  if (waitsForGpu && phase === 'observed') return about('gpu-free', accountId, pod, id, gpuWords(intent))
  const isLost = phase === 'cancelled' && message !== null
  if (phase !== 'failed' && phase !== 'did-not-happen' && !isLost) return null
  const said = about('action-ended', accountId, pod, id, {
    title: lossTitle(intent),
    body: [sentence(message ?? 'Runpod gave no reason'), ...whatNow(intent)].join(' '),
    tone: 'bad',
  })
  const tookMs = Math.abs(intent.phaseAt.wallMs - intent.requestedAt.wallMs)
  return intent.origin === 'person' && tookMs < ANSWER_MS ? { ...said, isAnswer: true } : said
}

function gpuWords({ podName, requestedAt, phaseAt }: Intent): Words {
  const waited = formatDuration(Math.abs(phaseAt.wallMs - requestedAt.wallMs))
  return {
    title: `${shortName(podName, TITLE_NAME)} got a GPU and runs`,
    body: `It waited ${waited}. It costs from now on, and Podkeeper watches it.`,
    tone: 'good',
  }
}

function lossTitle({ podName, action, origin, phase, waitsForGpu }: Intent): string {
  const name = shortName(podName, TITLE_NAME)
  if (waitsForGpu) return `${name} waits for no GPU any more`
  const what = origin === 'person' ? action : `automatic ${action}`
  return `${name}: ${what} ${phase === 'failed' ? 'failed' : 'did not happen'}`
}

function whatNow({ action, lacksGpu, waitsForGpu }: Intent): string[] {
  const canWait = action === 'start' && lacksGpu && !waitsForGpu
  return canWait ? ['Podkeeper can start it when a GPU is free.'] : []
}

/** A pod that its owner wanted terminated when its hours are over, and was. */
export function terminatedAnnouncement(intent: Intent): Announcement {
  const { id, accountId, podId, podName, podStartedAtMs, podUptimeS, requestedAt } = intent
  const ageMs = certainAgeMs(podStartedAtMs, podUptimeS, requestedAt.wallMs)
  const after = ageMs === null ? 'automatically' : `after ${formatDuration(ageMs)}`
  return about('auto-stopped', accountId, { id: podId, name: podName }, id, {
    title: `${shortName(podName, TITLE_NAME)} was terminated ${after}, as you chose`,
    body: 'Its maximum hours are over. The pod costs nothing any more.',
    tone: 'plain',
  })
}

/** Critical while rules are armed: none of them can act. `connection` is one that the key keeps from being live. */
export function keyAnnouncement(
  accountId: string,
  connection: Extract<Connection, { kind: 'key-refused' | 'forbidden' }>,
  areRulesArmed: boolean,
): Announcement {
  const sinceMs = connection.kind === 'key-refused' ? connection.firstAtMs : connection.atMs
  const [title, why] =
    connection.kind === 'key-refused'
      ? ['Runpod refuses the key', '']
      : ['The key may not see pods', `${sentence(connection.failure)} `]
  const armed = areRulesArmed ? ' and stops nothing' : ''
  return {
    ...about('key-refused', accountId, null, `${connection.kind} ${sinceMs}`, {
      title,
      body: `${why}Since ${formatClock(sinceMs)} Podkeeper sees nothing${armed}. Your pods go on. Give it another key.`,
      tone: 'bad',
    }),
    isCritical: areRulesArmed,
  }
}

export function outageAnnouncement(
  accountId: string,
  connection: Extract<Connection, { kind: 'offline' | 'unreadable' }>,
  sinceMs: number,
  forMs: number,
): Announcement {
  const what = connection.kind === 'offline' ? 'has been out of reach' : 'has given no readable answer'
  return about('unreachable', accountId, null, String(sinceMs), {
    title: `Runpod ${what} for ${formatDuration(forMs)}`,
    body: `Since ${formatClock(sinceMs)}: ${sentence(connection.failure)} Your pods go on; Podkeeper cannot see or stop them.`,
    tone: 'warning',
  })
}

/** The API's words, which end as they like. */
function sentence(text: string): string {
  const plain = plainName(text)
  return /[.!?…]$/.test(plain) ? plain : `${plain}.`
}
