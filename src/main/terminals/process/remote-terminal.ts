import type { ReportedFolder } from '../../../core/files/shell-folder'
import type { CommandMark } from '../../../core/terminal/commands/command-tracker'
import type { Clock } from '../../../core/base/time/clock'
import { createPostponedOutput, type PostponedOutput } from '../../../core/terminal/output/postponed-output'
import type { TerminalSize } from '../../../core/terminal/terminal'
import {
  MAX_REPLY_CHARS,
  type TerminalProcessReply,
  type TerminalProcessTask,
} from '../../../shared/terminal-process'
import type { RemoteEmulator } from './remote-emulator'
import { watchFlood } from './flood-watch'
import { createOutputHistory } from './output-history'

/** A terminal of the terminal process, and what is still to be done in it. */
export interface RemoteTerminal {
  readonly id: number
  readonly emulator: RemoteEmulator
  hasWork(): boolean
  /** The next request for the process, which its reply settles; null if there was none to send. */
  nextTask(): TerminalProcessTask | null
  onReply(reply: TerminalProcessReply): void
  /** Whether the process has it open. */
  isOpen(): boolean
  /** It is drawn anew by the next tasks. */
  onProcessEnd(): void
  /** Drops its output; `reason` is a sentence. */
  fail(reason: string): void
}

export interface RemoteTerminalOptions {
  readonly id: number
  readonly size: TerminalSize
  readonly scrollbackLines: number
  readonly clock: Pick<Clock, 'schedule'>
  /** Called when there is something to do. */
  readonly onWork: () => void
  readonly onDispose: () => void
}

type TerminalJob =
  | {
      readonly kind: 'write'
      readonly bytes: Uint8Array
      readonly isAnswered: boolean
      readonly onDone: () => void
    }
  /** Output that a window draws. It is parsed once something comes after it, or nothing does for a while. */
  | PostponedJob
  /** Output that was parsed before, by a process that ended. */
  | { readonly kind: 'replay'; readonly bytes: Uint8Array }
  | { readonly kind: 'resize'; readonly size: TerminalSize }
  | { readonly kind: 'clear' }
  | { readonly kind: 'serialize'; readonly onDone: (screen: string) => void }
  | { readonly kind: 'find'; readonly address: string; readonly onDone: (isFound: boolean) => void }
  | { readonly kind: 'wait'; readonly onDone: () => void }

interface PostponedJob {
  readonly kind: 'postponed'
  readonly output: PostponedOutput
  /** What the process works on. */
  begun: Uint8Array | null
}

/** Writes are joined up to this. */
const MAX_WRITE_BYTES = 64 * 1024
const MAX_POSTPONED_BYTES = 4 * 1024 * 1024

export function createRemoteTerminal(options: RemoteTerminalOptions): RemoteTerminal {
  const history = createOutputHistory()
  /** Of what a window draws. */
  const flood = watchFlood(options.clock, options.onWork)
  let jobs: TerminalJob[] = []
  /** How many of the first jobs the process is working on. */
  let begun = 0
  let state: 'new' | 'opening' | 'open' | 'failed' | 'disposed' = 'new'
  let size = options.size
  let isOnAlternateScreen = false
  /** Nothing was written yet: its screen is known without the process, whose start would delay a connection. */
  let isBlank = true
  /** As of the last reply. */
  let linesUntilGone: number | null = null
  /** Of a write that is not done: if the process ends, all of it is parsed again. */
  let pendingReplies = ''
  let onReplyText = (_text: string): void => {}
  let onTitle = (_title: string): void => {}
  let onMarks = (_marks: readonly CommandMark[]): void => {}
  let onFolders = (_folders: readonly ReportedFolder[]): void => {}
  let onCopied = (_text: string): void => {}
  let onCursorLine = (_line: string): void => {}
  let onFailure = (_reason: string): void => {}

  function add(job: TerminalJob): void {
    if (state === 'disposed') return settle(job)
    jobs.push(job)
    options.onWork()
  }

  function write(bytes: Uint8Array, isAnswered: boolean, onDone: () => void): void {
    isBlank = false
    if (isAnswered) flood.count(bytes.length)
    if (!isAnswered || !flood.isOn() || state === 'disposed' || postponedBytes() >= MAX_POSTPONED_BYTES)
      return add({ kind: 'write', bytes, isAnswered, onDone })
    const last = jobs.at(-1)
    if (last?.kind === 'postponed') last.output.append(bytes)
    else add(postponedJob(bytes))
    onDone()
  }

  const postponedBytes = (): number =>
    jobs.reduce((sum, job) => sum + (job.kind === 'postponed' ? job.output.bytes() : 0), 0)

  function postponedJob(bytes: Uint8Array): PostponedJob {
    const job: PostponedJob = {
      kind: 'postponed',
      begun: null,
      output: createPostponedOutput(() =>
        jobs[0] === job && begun === 0 && state === 'open' ? linesUntilGone : null,
      ),
    }
    job.output.append(bytes)
    return job
  }

  /** Whether the first job may wait for a pause. */
  const isPostponing = (): boolean => jobs[0]?.kind === 'postponed' && begun === 0 && !flood.isPaused()

  /** For a job that is not going to be done. */
  function settle(job: TerminalJob): void {
    if (job.kind === 'serialize') job.onDone('')
    else if (job.kind === 'find') job.onDone(false)
    else if (job.kind === 'write' || job.kind === 'wait') job.onDone()
  }

  function nextTask(): TerminalProcessTask | null {
    if (state !== 'open') {
      state = 'opening'
      return { kind: 'open', size, scrollbackLines: options.scrollbackLines }
    }
    const [job] = jobs
    if (job === undefined) return null
    if (begun > 0) return { kind: 'continue' }
    if (job.kind === 'wait') {
      jobs.shift()
      job.onDone()
      return null
    }
    if (job.kind === 'write') return writeTask(job)
    if (job.kind === 'postponed') return postponedTask(job)
    begun = 1
    if (job.kind === 'replay') return { kind: 'write', bytes: job.bytes }
    if (job.kind === 'find') return { kind: 'find', address: job.address }
    return job.kind === 'resize' ? job : { kind: job.kind }
  }

  function writeTask({ isAnswered }: Extract<TerminalJob, { readonly kind: 'write' }>): TerminalProcessTask {
    const parts: Uint8Array[] = []
    let length = 0
    for (const job of jobs) {
      if (job.kind !== 'write' || job.isAnswered !== isAnswered) break
      if (parts.length > 0 && length + job.bytes.length > MAX_WRITE_BYTES) break
      parts.push(job.bytes)
      length += job.bytes.length
    }
    begun = parts.length
    // Copied, because sending a view would send its whole buffer.
    return { kind: 'write', bytes: new Uint8Array(Buffer.concat(parts)) }
  }

  function postponedTask(job: PostponedJob): TerminalProcessTask | null {
    job.begun ??= job.output.takeFirst()
    if (job.begun === null) {
      jobs.shift()
      return null
    }
    begun = 1
    // Copied, because sending a view would send its whole buffer.
    return { kind: 'write', bytes: new Uint8Array(job.begun) }
  }

  function onReply(reply: TerminalProcessReply): void {
    if (state === 'disposed') return
    if (state === 'opening') {
      state = 'open'
      jobs.unshift(...history.chunks().map((bytes) => ({ kind: 'replay', bytes }) as const))
      return
    }
    isOnAlternateScreen = reply.isOnAlternateScreen
    linesUntilGone = reply.linesUntilGone
    const [job] = jobs
    if (job?.kind !== 'replay') {
      if (reply.title !== null) onTitle(reply.title)
      if (reply.marks.length > 0) onMarks(reply.marks)
      if (reply.folders.length > 0) onFolders(reply.folders)
      if (reply.copied !== null) onCopied(reply.copied)
      if (job?.kind === 'write' && !job.isAnswered)
        pendingReplies = (pendingReplies + reply.replies).slice(0, MAX_REPLY_CHARS)
    }
    if (!reply.isDone) return
    const replies = pendingReplies
    pendingReplies = ''
    if (replies !== '') onReplyText(replies)
    if (job?.kind === 'postponed') endPart(job)
    const done = jobs.splice(0, begun)
    begun = 0
    for (const one of done) {
      if (one.kind === 'write') history.append(one.bytes, isOnAlternateScreen)
      else if (one.kind === 'clear') history.clear()
      if (one.kind === 'serialize') one.onDone(reply.screen ?? '')
      else if (one.kind === 'find') one.onDone(reply.isFound ?? false)
      else settle(one)
    }
    const isOutput = job?.kind === 'write' || job?.kind === 'postponed'
    if (isOutput && jobs[0]?.kind !== 'write' && jobs[0]?.kind !== 'postponed') onCursorLine(reply.cursorLine)
  }

  function endPart(job: PostponedJob): void {
    if (job.begun !== null) history.append(job.begun, isOnAlternateScreen)
    job.begun = null
    // The next part is begun by another request.
    if (job.output.bytes() > 0) begun = 0
  }

  function dropAll(): void {
    const dropped = jobs
    jobs = []
    begun = 0
    pendingReplies = ''
    history.reset()
    for (const job of dropped) settle(job)
  }

  const emulator: RemoteEmulator = {
    write,
    whenParsed: (onDone) => (isBlank || jobs.length === 0 ? onDone() : add({ kind: 'wait', onDone })),
    resize(changed) {
      size = changed
      if (!isBlank) add({ kind: 'resize', size })
    },
    size: () => size,
    clear: () => (isBlank ? undefined : add({ kind: 'clear' })),
    serialize: () =>
      isBlank ? Promise.resolve('') : new Promise((onDone) => add({ kind: 'serialize', onDone })),
    whenStarted(run) {
      const isStarting = !isBlank && (state === 'new' || state === 'opening')
      if (isStarting) add({ kind: 'wait', onDone: run })
      else run()
    },
    isOnAlternateScreen: () => isOnAlternateScreen,
    doesShow: async (address) =>
      !isBlank && (await new Promise<boolean>((onDone) => add({ kind: 'find', address, onDone }))),
    onReply: (listener) => void (onReplyText = listener),
    onTitle: (listener) => void (onTitle = listener),
    onMarks: (listener) => void (onMarks = listener),
    onFolders: (listener) => void (onFolders = listener),
    onCopied: (listener) => void (onCopied = listener),
    onCursorLine: (listener) => void (onCursorLine = listener),
    onFailure: (listener) => void (onFailure = listener),
    dispose() {
      if (state === 'disposed') return
      options.onDispose()
      state = 'disposed'
      dropAll()
    },
  }

  return {
    id: options.id,
    emulator,
    // One that failed is opened again once it is used.
    hasWork: () => !isBlank && (state === 'new' || jobs.length > (isPostponing() ? 1 : 0)),
    nextTask,
    onReply,
    isOpen: () => state === 'open',
    onProcessEnd() {
      begun = 0
      pendingReplies = ''
      jobs = jobs.filter(({ kind }) => kind !== 'replay')
      if (state === 'open' || state === 'opening') state = 'new'
    },
    fail(reason) {
      if (state === 'disposed') return
      state = 'failed'
      dropAll()
      onFailure(reason)
    },
  }
}
