import { errorText, wentWrongText } from '../../core/base/text/error-text'
import type { Result } from '../../core/base/result'
import {
  MAX_NAMES_SHOWN,
  MAX_SKIPPED_SHOWN,
  type TransferState,
  type TransferView,
} from '../../core/files/files-view'
import type { Omission } from '../../core/files/transfer-plan'
import type { TransferProgress } from '../../core/files/transfer-progress'
import { type PodKey, parsePodKey } from '../../core/pods/pod'
import type { FileSession } from '../../ssh/files/session/open-file-session'
import type { RunFailure } from '../../ssh/run/run-failure'

/** What is copied where. A person chose or confirmed it. */
export interface TransferSpec {
  readonly podKey: PodKey
  readonly podName: string
  readonly direction: TransferView['direction']
  /** Absolute ones, in the form of `decodeName`. */
  readonly sources: readonly string[]
  /** A folder; empty: the pod's home folder. */
  readonly destination: string
  readonly names: readonly string[]
  /** As `TransferView` has it. */
  readonly place: string
}

export interface PodTransferOptions {
  readonly id: string
  readonly spec: TransferSpec
  readonly open: (
    signal: AbortSignal,
    onAsking: (isAsking: boolean) => void,
  ) => Promise<Result<FileSession, RunFailure>>
  /** Something that its view shows changed, but for its progress. */
  readonly onChange: () => void
  /** A clock that never goes back, ms. */
  readonly nowMs: () => number
  readonly retryDelaysMs?: readonly number[]
}

/** One transfer, in this run of the app. */
export interface PodTransfer {
  readonly podKey: PodKey
  view(): TransferView
  isRunning(): boolean
  isWaiting(): boolean
  /** Whether nothing is to be done with it any more. */
  isDone(): boolean
  /** Bytes that it has copied so far, for telling whether it moves. */
  bytesDone(): number
  start(): void
  /** `message`: why it ended, as sentences; null: a person paused it. */
  stop(message: string | null): void
  /** It is queued to start again. */
  wait(): void
}

export function createPodTransfer(options: PodTransferOptions): PodTransfer {
  const { id, spec, onChange, nowMs } = options
  const { podKey, podName, direction, names, place } = spec
  let state: TransferState = { kind: 'waiting' }
  let ending: AbortController | null = null
  let readProgress: (() => TransferProgress) | null = null
  let counts = { copied: 0, same: 0, failed: [] as readonly Omission[] }

  function setState(next: TransferState): void {
    state = next
    onChange()
  }

  async function run(signal: AbortSignal): Promise<void> {
    // Of an attempt that was stopped, nothing counts any more.
    const set = (next: TransferState): void => {
      if (!signal.aborted) setState(next)
    }
    const startedAtMs = nowMs()
    const { copyBetween } = await import('./copy-between')
    const result = await copyBetween({
      ...spec,
      identity: Object.values(parsePodKey(podKey)).join(' '),
      signal,
      async open(opening) {
        set({ kind: 'connecting' })
        const opened = await options.open(opening, (isAsking) =>
          set({ kind: isAsking ? 'asking' : 'connecting' }),
        )
        if (opened.ok) set({ kind: readProgress === null ? 'counting' : 'copying' })
        return opened
      },
      onConnection: (connection) => set({ kind: connection === 'lost' ? 'lost' : 'copying' }),
      onPlan(_plan, read) {
        readProgress = read
        set({ kind: 'copying' })
        return null
      },
      nowMs,
      retryDelaysMs: options.retryDelaysMs,
    })
    counts = result.ok ? result.value : result.error.summary
    if (result.ok) set({ kind: 'done', tookMs: nowMs() - startedAtMs })
    else set({ kind: 'failed', message: result.error.message })
    if (ending?.signal === signal) ending = null
    onChange()
  }

  return {
    podKey,
    view: () => ({
      id,
      podKey,
      podName,
      direction,
      names: names.slice(0, MAX_NAMES_SHOWN),
      count: names.length,
      place,
      state,
      progress: readProgress?.() ?? null,
      copied: counts.copied,
      same: counts.same,
      skipped: counts.failed.slice(0, MAX_SKIPPED_SHOWN),
      skippedCount: counts.failed.length,
    }),
    isRunning: () => ending !== null,
    isWaiting: () => state.kind === 'waiting',
    isDone: () => state.kind === 'done',
    bytesDone: () => readProgress?.().bytesDone ?? 0,
    start() {
      ending = new AbortController()
      const { signal } = ending
      readProgress = null
      counts = { copied: 0, same: 0, failed: [] }
      setState({ kind: 'connecting' })
      run(signal).catch((cause: unknown) => {
        if (ending?.signal === signal) ending = null
        if (!signal.aborted) setState({ kind: 'failed', message: wentWrongText(errorText(cause)) })
        else onChange()
      })
    },
    stop(message) {
      ending?.abort()
      if (state.kind === 'done') return
      setState(message === null ? { kind: 'paused' } : { kind: 'failed', message })
    },
    wait() {
      if (ending === null || ending.signal.aborted) setState({ kind: 'waiting' })
    },
  }
}
