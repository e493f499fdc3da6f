import type { ActivityEntry } from './audit-log'
import { formatDuration } from '../base/format'
import type { Intent, StopCause } from '../intents/intent'
import type { AccountId } from '../pods/pod'
import type { Connection } from '../polling/connection'

/** What the activity log says of things that are nobody's decision: how an action got on, whether answers come. */

type Said = Pick<ActivityEntry, 'kind' | 'what' | 'text' | 'tone'>

/** An action that got to another phase, or learned something, as an entry at `atMs` (Unix ms). */
export function intentEntry(intent: Intent, atMs: number): ActivityEntry {
  const { accountId, podId, podName, action, phase } = intent
  return {
    atMs,
    accountId,
    podId,
    podName,
    kind: 'intent',
    what: `${action} ${phase}`,
    ...wordsOfIntent(intent),
  }
}

function wordsOfIntent({ podName, action, origin, phase, message }: Intent): Pick<Said, 'text' | 'tone'> {
  const why = message === null ? '' : ` ${message}`
  switch (phase) {
    case 'scheduled':
      return message === null
        ? { text: `${wishOf(origin)} ${podName} to ${action}.`, tone: 'plain' }
        : { text: `The ${action} of ${podName} waits.${why}`, tone: 'warning' }
    case 'waiting':
      return { text: `The ${action} of ${podName} waits for a free GPU.${why}`, tone: 'plain' }
    case 'sent':
      return {
        text: `The ${action} of ${podName} was sent to Runpod.${why}`,
        tone: message === null ? 'plain' : 'warning',
      }
    case 'accepted':
      return { text: `Runpod accepted the ${action} of ${podName}.`, tone: 'plain' }
    case 'observed':
      return { text: message ?? `The ${action} of ${podName} was seen to have happened.`, tone: 'good' }
    case 'cancelled':
      return {
        text: message ?? `The ${action} of ${podName} was taken back. Nothing was sent.`,
        tone: message === null ? 'plain' : 'warning',
      }
    case 'failed':
      return { text: `The ${action} of ${podName} failed.${why}`, tone: 'bad' }
    case 'did-not-happen':
      return { text: `The ${action} of ${podName} did not happen.${why}`, tone: 'bad' }
  }
}

/** Who wants it. */
const wishOf = (origin: Intent['origin']): string =>
  origin === 'person' ? 'You asked for' : `The rule of ${ruleNames[origin]} asks for`

const ruleNames: Readonly<Record<StopCause, string>> = {
  quiet: 'auto-stop',
  'max-hours': 'maximum hours',
  budget: 'the budget',
}

/** What is worth an entry when `before` became `now`; null: nothing. */
export function connectionEntry(
  before: Connection,
  now: Connection,
  accountId: AccountId,
  atMs: number,
): ActivityEntry | null {
  if (before.kind === now.kind) return null
  const said = wordsOfConnection(before, now, atMs)
  return said && { atMs, accountId, podId: null, podName: null, ...said }
}

function wordsOfConnection(before: Connection, now: Connection, atMs: number): Said | null {
  switch (now.kind) {
    case 'offline':
    case 'unreadable':
      // From one to the other it is still without an answer.
      if (isWithoutAnswer(before)) return null
      return {
        kind: 'connection',
        what: now.kind,
        text: `Runpod cannot be read. ${now.failure}`,
        tone: 'warning',
      }
    case 'key-doubted':
      return {
        kind: 'key',
        what: 'doubted',
        text: 'Runpod did not accept the key. It is tried once more before it counts as refused.',
        tone: 'warning',
      }
    case 'key-refused':
      return { kind: 'key', what: 'refused', text: 'Runpod refuses the key.', tone: 'bad' }
    case 'forbidden':
      return {
        kind: 'key',
        what: 'forbidden',
        text: `The key may not look at pods. ${now.failure}`,
        tone: 'bad',
      }
    case 'live':
      if (isWithoutAnswer(before)) {
        const lasted = formatDuration(Math.max(0, atMs - before.sinceMs))
        return {
          kind: 'connection',
          what: 'back',
          text: `Runpod answers again, after ${lasted}.`,
          tone: 'good',
        }
      }
      if (before.kind === 'key-doubted' || before.kind === 'key-refused' || before.kind === 'forbidden')
        return { kind: 'key', what: 'accepted', text: 'Runpod accepts the key again.', tone: 'good' }
      return null
    case 'connecting':
    case 'rate-limited':
    case 'no-account':
      return null
  }
}

const isWithoutAnswer = (
  connection: Connection,
): connection is Extract<Connection, { kind: 'offline' | 'unreadable' }> =>
  connection.kind === 'offline' || connection.kind === 'unreadable'

type Program = 'Podkeeper' | 'podkeeper watch'

/** That a program begins to act; `recent` are the newest entries, newest first: they tell how the last one ended. */
export function startEntry(program: Program, recent: Iterable<ActivityEntry>, atMs: number): ActivityEntry {
  let newest: ActivityEntry | null = null
  for (const entry of recent) {
    newest ??= entry
    if (entry.kind !== 'app' || !(entry.what === 'ended' || entry.what === 'started')) continue
    if (entry.what === 'ended') break
    const lastAt = new Date(newest.atMs).toISOString()
    const text = `${program} started. The run before did not end by itself: its last entry is of ${lastAt}.`
    return appEntry('started', text, 'warning', atMs)
  }
  return appEntry('started', `${program} started.`, 'plain', atMs)
}

export const endEntry = (program: Program, atMs: number): ActivityEntry =>
  appEntry('ended', `${program} ended.`, 'plain', atMs)

function appEntry(what: string, text: string, tone: Said['tone'], atMs: number): ActivityEntry {
  return { atMs, accountId: null, podId: null, podName: null, kind: 'app', what, text, tone }
}

/** That a key begins, or ends, to be used. `ending`: its last four characters, where it is known. */
export function keyEntry(
  what: 'connected' | 'replaced' | 'forgotten',
  account: { readonly id: AccountId; readonly host: string; readonly keyEnding?: string },
  atMs: number,
): ActivityEntry {
  const key = account.keyEnding === undefined ? 'the key' : `the key ending in ${account.keyEnding}`
  const text = {
    connected: `Watching the account at ${account.host} with ${key}.`,
    replaced: `Watching the account at ${account.host} with another key: ${key}.`,
    forgotten: `Forgot ${key} of the account at ${account.host}.`,
  }[what]
  return { atMs, accountId: account.id, podId: null, podName: null, kind: 'key', what, text, tone: 'plain' }
}
