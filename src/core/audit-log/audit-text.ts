import type { AuditEntry, AuditIntent } from './audit-log'
import { formatDuration, formatUsd } from '../base/text/format'
import { unconfirmedText } from '../intents/action-text'
import type { Intent } from '../intents/intent'
import { requesterOf } from '../intents/requester'
import type { AccountId, PodAction } from '../pods/pod'
import { RUNPOD_NAME } from '../pods/labs/service-name'
import type { AccountRecord } from '../settings/account-record'
import type { ConnectionView } from '../polling/connection'
import { clockDisagreementMs, elapsedMs, SECOND_MS } from '../base/time/time'

/** Log entries for events that no rule decides: the progress of an action and changes of the connection. */

type EntryContent = Pick<AuditEntry, 'kind' | 'what' | 'text' | 'tone'>

/** The entry for an intent that changed, at `atMs` (Unix ms). */
export function intentEntry(intent: Intent, atMs: number, service = RUNPOD_NAME): AuditEntry {
  const { accountId, podId, podName, action, phase } = intent
  return {
    atMs,
    accountId,
    podId,
    podName,
    kind: 'intent',
    what: `${action} ${phase}`,
    ...intentEntryText({ ...intent, service }),
    intent: {
      id: intent.id,
      action,
      requester: requesterOf(intent),
      reason: intent.tokenName ?? intent.personName,
      ...sinceRequest(intent),
    },
  }
}

/** After a sleep, or a clock that was set, nobody knows how long it took. */
const MAX_DISAGREEMENT_MS = 10 * SECOND_MS

const sinceRequest = ({ requestedAt, phaseAt }: Intent): Pick<AuditIntent, 'elapsedMs'> =>
  clockDisagreementMs(requestedAt, phaseAt) > MAX_DISAGREEMENT_MS
    ? {}
    : { elapsedMs: elapsedMs(requestedAt, phaseAt) }

function intentEntryText({
  podName,
  action,
  phase,
  message,
  service,
  ...intent
}: Intent & { readonly service: string }): Pick<EntryContent, 'text' | 'tone'> {
  const why = message === null ? '' : ` ${message}`
  switch (phase) {
    case 'scheduled':
      return message === null
        ? {
            text: `${requestPrefix(intent)}${actionNouns[action]} of ${podName}.`,
            tone: 'plain',
          }
        : { text: `The ${action} of ${podName} is delayed.${why}`, tone: 'warning' }
    case 'waiting':
      return { text: `The ${action} of ${podName} is waiting for a free GPU.${why}`, tone: 'plain' }
    case 'sent':
      return {
        text: `The ${action} of ${podName} was sent to ${service}.${why}`,
        tone: message === null ? 'plain' : 'warning',
      }
    case 'accepted':
      return { text: `${service} accepted the ${action} of ${podName}.`, tone: 'plain' }
    case 'observed':
      return { text: message ?? observedText(action, podName), tone: 'good' }
    case 'cancelled':
      return {
        text: message ?? `The ${action} of ${podName} was undone.`,
        tone: message === null ? 'plain' : 'warning',
      }
    case 'failed':
      return { text: `The ${action} of ${podName} failed.${why}`, tone: 'bad' }
    case 'did-not-happen':
      return { text: `The ${action} of ${podName} ${unconfirmedText(action)}.${why}`, tone: 'bad' }
  }
}

/** How the entry of what an API token asked for begins. */
export const tokenRequestPrefix = (tokenName: string): string => `The API token ${tokenName} requested `

/** How the entry of a request begins. */
function requestPrefix({
  origin,
  personName,
  tokenName,
}: Pick<Intent, 'origin' | 'personName' | 'tokenName'>): string {
  if (tokenName !== undefined) return `${tokenRequestPrefix(tokenName)}a `
  return personName === undefined ? requestPrefixes[origin] : `${personName} requested a `
}

/** How it begins by who requested the action. */
const requestPrefixes: Readonly<Record<Intent['origin'], string>> = {
  person: 'You requested a ',
  quiet: 'Auto-stop requested a ',
  'max-hours': 'The maximum-hours rule requested a ',
  'stop-time': 'The time-of-day rule requested a ',
  budget: 'The budget rule requested a ',
}

const actionNouns: Readonly<Record<PodAction, string>> = {
  start: 'start',
  stop: 'stop',
  restart: 'restart',
  terminate: 'termination',
}

const observedVerbs: Readonly<Record<PodAction, string>> = {
  start: 'started',
  stop: 'stopped',
  restart: 'restarted',
  terminate: 'was terminated',
}

/** What the entry of an action that was observed says: "llama stopped." */
export const observedText = (action: PodAction, podName: string): string =>
  `${podName} ${observedVerbs[action]}.`

/** The entry for a change of the connection from `before` to `now`; null when it is not worth one. */
export function connectionEntry(
  before: ConnectionView,
  now: ConnectionView,
  accountId: AccountId,
  atMs: number,
  service = RUNPOD_NAME,
): AuditEntry | null {
  if (before.kind === now.kind) return null
  const content = connectionEntryContent(before, now, atMs, service)
  return content && { atMs, accountId, podId: null, podName: null, ...content }
}

function connectionEntryContent(
  before: ConnectionView,
  now: ConnectionView,
  atMs: number,
  service: string,
): EntryContent | null {
  switch (now.kind) {
    case 'offline':
    case 'unreadable':
      // Both states mean that there is no answer, so nothing changed.
      if (isUnanswered(before)) return null
      return {
        kind: 'connection',
        what: now.kind,
        text: `No usable response from ${service}. ${now.failure}`,
        tone: 'warning',
      }
    case 'key-doubted':
      return {
        kind: 'key',
        what: 'doubted',
        text: `${service} rejected the API key once. Podkeeper tries it again before treating it as rejected.`,
        tone: 'warning',
      }
    case 'key-refused':
      return { kind: 'key', what: 'refused', text: `${service} rejected the API key.`, tone: 'bad' }
    case 'forbidden':
      return {
        kind: 'key',
        what: 'forbidden',
        text: `The API key can’t access pods. ${now.failure}`,
        tone: 'bad',
      }
    case 'live':
      if (isUnanswered(before)) {
        const lasted = formatDuration(Math.max(0, atMs - before.sinceMs))
        return {
          kind: 'connection',
          what: 'back',
          text: `${service} responded again after ${lasted}.`,
          tone: 'good',
        }
      }
      if (before.kind === 'key-doubted' || before.kind === 'key-refused' || before.kind === 'forbidden')
        return { kind: 'key', what: 'accepted', text: `${service} accepted the API key again.`, tone: 'good' }
      return null
    case 'connecting':
    case 'rate-limited':
    case 'no-account':
      return null
  }
}

const isUnanswered = (
  connection: ConnectionView,
): connection is Extract<ConnectionView, { kind: 'offline' | 'unreadable' }> =>
  connection.kind === 'offline' || connection.kind === 'unreadable'

export type ProgramName = 'Podkeeper' | 'podkeeper watch'

/**
 * The entry for a program that becomes active. `recent` are the newest entries, newest first, which show how
 * the previous run ended.
 */
export function startEntry(program: ProgramName, recent: Iterable<AuditEntry>, atMs: number): AuditEntry {
  let newest: AuditEntry | null = null
  for (const entry of recent) {
    newest ??= entry
    if (entry.kind !== 'app' || !(entry.what === 'ended' || entry.what === 'started')) continue
    if (entry.what === 'ended') break
    const lastAt = new Date(newest.atMs).toISOString()
    const text = `${program} started. The previous run didn’t exit normally; its last entry is from ${lastAt}.`
    return appEntry('started', text, 'warning', atMs)
  }
  return appEntry('started', `${program} started.`, 'plain', atMs)
}

export const endEntry = (program: ProgramName, atMs: number): AuditEntry =>
  appEntry('ended', `${program} ended.`, 'plain', atMs)

/** What a person whom sudo names asks for on the command line. `what`: "a change of settings". */
export const personRequestEntry = (
  person: string,
  what: string,
  about: {
    readonly accountId: AccountId
    readonly pod: { readonly id: string; readonly name: string | null } | null
  },
  atMs: number,
): AuditEntry => ({
  ...appEntry(
    'requested',
    `${person} requested ${what}${about.pod === null ? '' : ` of ${about.pod.name ?? about.pod.id}`} on the command line.`,
    'plain',
    atMs,
  ),
  accountId: about.accountId === '' ? null : about.accountId,
  podId: about.pod?.id ?? null,
  podName: about.pod?.name ?? null,
})

/** About the program itself, and no account or pod. */
export function appEntry(what: string, text: string, tone: EntryContent['tone'], atMs: number): AuditEntry {
  return { atMs, accountId: null, podId: null, podName: null, kind: 'app', what, text, tone }
}

/** What a person changed of an account. */
export function accountEntries(
  before: AccountRecord,
  after: AccountRecord,
  atMs: number,
): readonly AuditEntry[] {
  const [wasPaused, isPaused] = [before, after].map((account) => account.isPaused === true)
  const budgetText = (usd: number | undefined): string => (usd === undefined ? 'none' : formatUsd(usd))
  const texts = [
    ...(before.name === after.name ? [] : [`Account ${before.name} was renamed to ${after.name}.`]),
    ...(wasPaused === isPaused
      ? []
      : [
          isPaused
            ? `Account ${after.name} is paused: its pods aren’t watched or stopped.`
            : `Account ${after.name} is being watched again.`,
        ]),
    ...(before.monthlyBudgetUsd === after.monthlyBudgetUsd
      ? []
      : [`The monthly budget of ${after.name} is now ${budgetText(after.monthlyBudgetUsd)}.`]),
    ...(before.dailyBudgetUsd === after.dailyBudgetUsd
      ? []
      : [`The daily budget of ${after.name} is now ${budgetText(after.dailyBudgetUsd)}.`]),
    ...(before.lab?.usesAnnouncedRoutes === after.lab?.usesAnnouncedRoutes
      ? []
      : [
          after.lab?.usesAnnouncedRoutes === true
            ? `Routes that Hubify has announced are used for ${after.name}.`
            : `Routes that Hubify has announced are not used for ${after.name}.`,
        ]),
  ]
  return texts.map((text) => ({
    atMs,
    accountId: after.id,
    podId: null,
    podName: null,
    kind: 'key',
    what: 'account',
    text,
    tone: 'plain',
  }))
}

/** The entry for a key that is connected or removed. `ending`: its last four characters, if known. */
export function keyEntry(
  what: 'connected' | 'replaced' | 'forgotten',
  account: { readonly id: AccountId; readonly host: string; readonly keyEnding?: string },
  atMs: number,
): AuditEntry {
  const key = account.keyEnding === undefined ? 'the key' : `the key ending in ${account.keyEnding}`
  const text = {
    connected: `Watching the account at ${account.host} with ${key}.`,
    replaced: `Watching the account at ${account.host} with another key: ${key}.`,
    forgotten: `Forgot ${key} of the account at ${account.host}.`,
  }[what]
  return { atMs, accountId: account.id, podId: null, podName: null, kind: 'key', what, text, tone: 'plain' }
}
