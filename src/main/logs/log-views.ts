import type { Clock } from '../../core/base/time/clock'
import { fail, ok, type Result } from '../../core/base/result'
import type { LogLine } from '../../core/logs/log-line'
import { type LogReader, type LogReaderState, openLogReader } from '../../core/logs/log-reader'
import { type AccountId, parsePodKey, type PodKey } from '../../core/pods/pod'
import { MAX_TAIL } from '../../core/pods/pod-logs'
import type { Provider } from '../../core/pods/provider'
import {
  type LogPosition,
  type LogUpdate,
  type LogViewState,
  MAX_UNACKNOWLEDGED_LINES,
} from '../../shared/requests/pod/log-requests'
import { accountText } from '../account/account-text'
import { logText } from './log-text'

export interface LogViewsOptions {
  readonly clock: Clock
  readonly random: () => number
  /** Null while the account is not connected. */
  readonly provider: (accountId: AccountId) => Provider | null
  readonly send: (update: LogUpdate) => void
}

/** The logs that the main window shows. Nothing is kept of them here. */
export interface LogViews {
  open(podKey: PodKey, after: LogPosition | null): Result<number, string>
  close(viewId: number): void
  ack(viewId: number, lines: number): void
  closeAll(): void
}

/** A page shows one. The oldest is closed for one more. */
const MAX_VIEWS = 4
const SEND_EVERY_MS = 50
const MAX_LINES_PER_UPDATE = 2_000
const NOT_CONNECTED = {
  kind: 'unreachable',
  message: accountText.notConnected,
  status: null,
  retryAfterMs: null,
  requestId: null,
} as const

interface OpenLogView {
  readonly reader: LogReader
  queue: LogLine[]
  leftOutCount: number
  state: LogViewState | null
  unacknowledged: number
  cancelSend: (() => void) | null
  /** The reader waits until this is called. */
  resume: (() => void) | null
}

export function createLogViews({ clock, random, provider, send }: LogViewsOptions): LogViews {
  const views = new Map<number, OpenLogView>()
  let lastId = 0

  function sendNow(viewId: number, view: OpenLogView): void {
    view.cancelSend?.()
    view.cancelSend = null
    do {
      const lines = view.queue.slice(0, MAX_LINES_PER_UPDATE)
      view.queue = view.queue.slice(MAX_LINES_PER_UPDATE)
      view.unacknowledged += lines.length
      send({ viewId, lines, leftOutCount: view.leftOutCount, ...(view.state && { state: view.state }) })
      view.leftOutCount = 0
      view.state = null
    } while (view.queue.length > 0)
  }

  function changed(viewId: number, view: OpenLogView): void {
    if (view.queue.length >= MAX_LINES_PER_UPDATE) sendNow(viewId, view)
    else view.cancelSend ??= clock.schedule(SEND_EVERY_MS, () => sendNow(viewId, view))
  }

  function close(viewId: number): void {
    const view = views.get(viewId)
    if (view === undefined) return
    views.delete(viewId)
    view.cancelSend?.()
    view.reader.close()
    view.resume?.()
  }

  return {
    open(podKey, after) {
      const { accountId, podId } = parsePodKey(podKey)
      const first = provider(accountId)
      if (first === null) return fail(NOT_CONNECTED.message)
      if (first.streamLogs === undefined) return fail(logText.notOffered)
      const [oldest] = views.keys()
      if (views.size >= MAX_VIEWS && oldest !== undefined) close(oldest)
      const viewId = (lastId += 1)
      const view: OpenLogView = {
        reader: openLogReader({
          provider: currentProvider(() => provider(accountId)),
          podId,
          clock,
          random,
          source: null,
          tail: MAX_TAIL,
          sinceMs: null,
          after,
          onLines(lines, leftOutCount) {
            view.queue.push(...lines)
            view.leftOutCount += leftOutCount
            changed(viewId, view)
            if (view.unacknowledged + view.queue.length < MAX_UNACKNOWLEDGED_LINES) return
            return new Promise((resolve) => (view.resume = resolve))
          },
          onState(state) {
            view.state = toViewState(state)
            changed(viewId, view)
          },
        }),
        queue: [],
        leftOutCount: 0,
        state: null,
        unacknowledged: 0,
        cancelSend: null,
        resume: null,
      }
      views.set(viewId, view)
      return ok(viewId)
    },
    close,
    ack(viewId, lines) {
      const view = views.get(viewId)
      if (view === undefined) return
      view.unacknowledged = Math.max(0, view.unacknowledged - lines)
      if (view.unacknowledged + view.queue.length >= MAX_UNACKNOWLEDGED_LINES / 2) return
      view.resume?.()
      view.resume = null
    },
    closeAll() {
      for (const viewId of views.keys()) close(viewId)
    },
  }
}

/** Without errors, of which windows show the words only. */
function toViewState(state: LogReaderState): LogViewState {
  if (state.kind === 'failed') return { kind: 'failed', why: state.why }
  return state.kind === 'waiting' ? { kind: 'waiting', untilMs: state.untilMs, why: state.why } : state
}

/** A key may be replaced, and an account removed, while its log is followed. */
function currentProvider(
  current: () => Provider | null,
): Pick<Provider, 'streamLogs' | 'readPodConfiguration'> {
  return {
    readPodConfiguration: async (podId) =>
      (await current()?.readPodConfiguration?.(podId)) ?? fail(NOT_CONNECTED),
    streamLogs: (podId, query, handlers) =>
      current()?.streamLogs?.(podId, query, handlers) ?? {
        ended: Promise.resolve(fail(NOT_CONNECTED)),
        close: () => {},
      },
  }
}
