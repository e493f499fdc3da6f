import { performance } from 'node:perf_hooks'
import {
  MAX_UNACKNOWLEDGED_BYTES,
  type TerminalOutput,
  type TerminalSize,
  type TerminalSnapshot,
} from '../../../core/terminal/terminal'
import { incompleteCharacter, tailAfter } from '../../../core/terminal/output/partial-sequence'
import type { RemoteEmulator } from '../process/remote-emulator'

/** Smaller acknowledgements say more about the way to the window and back than about its speed. */
const MIN_MEASURED_BYTES = 16 * 1024

/** Output that a window was sent and has not acknowledged yet, and how fast it parses it. Times are monotonic, ms. */
interface UnackedOutput {
  send(bytes: number, nowMs: number): void
  ack(bytes: number, nowMs: number): void
  bytes(): number
  /** Null: not measured yet. */
  bytesPerMs(): number | null
}

export function createUnackedOutput(): UnackedOutput {
  let unackedBytes = 0
  let bytesPerMs: number | null = null
  /** When it last acknowledged some output, or got some after it had acknowledged all. */
  let busySinceMs = 0
  return {
    send(bytes, nowMs) {
      if (unackedBytes === 0) busySinceMs = nowMs
      unackedBytes += bytes
    },
    ack(bytes, nowMs) {
      if (bytes >= MIN_MEASURED_BYTES) {
        const measured = bytes / Math.max(1, nowMs - busySinceMs)
        bytesPerMs = ((bytesPerMs ?? measured) + measured) / 2
      }
      busySinceMs = nowMs
      unackedBytes = Math.max(0, unackedBytes - bytes)
    },
    bytes: () => unackedBytes,
    bytesPerMs: () => bytesPerMs,
  }
}

/**
 * A window that parses slowly, such as the short lines of `yes`, is sent no more than it parses in this time, because
 * what is on its way is drawn before the effect of Ctrl-C is.
 */
const MAX_AHEAD_MS = 20
/** It is sent at least this much, so that it never waits for more. */
const MIN_AHEAD_BYTES = 32 * 1024
/** A paused pod resumes once less than this share of what may be pending is. */
const RESUME_BELOW = 2 / 3
/** Maximum bytes per event. */
const MAX_EVENT_BYTES = 64 * 1024
/**
 * Output sooner than this after the last event is batched; other output is sent immediately, such as an echo.
 */
const BATCH_WINDOW_MS = 4

/**
 * Sends a terminal's output to the emulator, and to the window while one is attached. Flow control limits how
 * far each may fall behind.
 */
export interface OutputStream {
  receive(bytes: Uint8Array): void
  /** Sends output to the window from now on; ends an earlier attachment. */
  attach(size: TerminalSize): Promise<TerminalSnapshot>
  /** Ignored for any other attachment. */
  detach(attachment: number): void
  detachCurrent(): void
  ack(attachment: number, bytes: number): void
  isAttached(): boolean
  /** Whether the pod is paused. */
  isPaused(): boolean
  /** Resolves once everything received so far is parsed. */
  whenParsed(): Promise<void>
  /** The pending bytes of the slower reader. */
  pendingBytes(): number
}

export interface OutputStreamOptions {
  readonly terminalId: string
  readonly emulator: RemoteEmulator
  readonly newAttachment: () => number
  readonly send: (output: TerminalOutput) => void
  readonly setPaused: (isPaused: boolean) => void
  /** Called with how fast the window parses, bytes per ms, whenever that was measured; null: not known any more. */
  readonly onSpeed: (bytesPerMs: number | null) => void
}

interface Attachment {
  readonly id: number
  queue: Uint8Array[]
  queuedBytes: number
  readonly unacked: UnackedOutput
  /** The screen has been sent to the window; queued output follows it. */
  isReady: boolean
  sentAtMs: number
  timer: NodeJS.Timeout | undefined
}

export function createOutputStream(options: OutputStreamOptions): OutputStream {
  const { terminalId, emulator, send } = options
  let unparsedBytes = 0
  let tail: Uint8Array = new Uint8Array(0)
  /** The incomplete character at the end of the output, held back until it is complete. */
  let partialCharacter: Uint8Array = new Uint8Array(0)
  let attachment: Attachment | null = null
  let isPaused = false

  const pendingBytes = (): number =>
    Math.max(unparsedBytes, attachment === null ? 0 : attachment.queuedBytes + attachment.unacked.bytes())

  function maxPendingBytes(): number {
    const bytesPerMs = attachment?.unacked.bytesPerMs() ?? Infinity
    return Math.min(MAX_UNACKNOWLEDGED_BYTES, Math.max(MIN_AHEAD_BYTES, MAX_AHEAD_MS * bytesPerMs))
  }

  function updateFlowControl(): void {
    const pending = pendingBytes()
    const most = maxPendingBytes()
    if (isPaused ? pending >= RESUME_BELOW * most : pending <= most) return
    isPaused = !isPaused
    options.setPaused(isPaused)
  }

  function receive(received: Uint8Array): void {
    const bytes = wholeCharacters(received)
    if (bytes.length === 0) return
    tail = tailAfter(tail, bytes)
    // The window first: the first output starts the process that parses it, which holds main up.
    if (attachment !== null) enqueue(attachment, bytes)
    parse(bytes, attachment !== null)
    updateFlowControl()
  }

  /** xterm.js corrupts a split character if one of its bytes is 0x80, as in dashes and quotes. */
  function wholeCharacters(received: Uint8Array): Uint8Array {
    const bytes =
      partialCharacter.length === 0
        ? received
        : concatBytes([partialCharacter, received], partialCharacter.length + received.length)
    partialCharacter = incompleteCharacter(bytes)
    return bytes.subarray(0, bytes.length - partialCharacter.length)
  }

  function parse(bytes: Uint8Array, isAnswered: boolean): void {
    unparsedBytes += bytes.length
    emulator.write(bytes, isAnswered, () => {
      unparsedBytes -= bytes.length
      updateFlowControl()
    })
  }

  function enqueue(to: Attachment, bytes: Uint8Array): void {
    to.queue.push(bytes)
    to.queuedBytes += bytes.length
    if (to.isReady) scheduleFlush(to)
  }

  function scheduleFlush(to: Attachment): void {
    const waitMs = BATCH_WINDOW_MS - (performance.now() - to.sentAtMs)
    if (waitMs <= 0 || to.queuedBytes >= MAX_EVENT_BYTES) flush(to)
    else to.timer ??= setTimeout(() => flush(to), waitMs)
  }

  function flush(to: Attachment): void {
    clearTimeout(to.timer)
    to.timer = undefined
    if (attachment !== to || to.queuedBytes === 0) return
    // Copied, because sending a view would transfer its whole buffer.
    const bytes = concatBytes(to.queue, to.queuedBytes)
    to.queue = []
    to.queuedBytes = 0
    to.sentAtMs = performance.now()
    to.unacked.send(bytes.length, to.sentAtMs)
    for (let from = 0; from < bytes.length;) {
      const chunk = bytes.subarray(from, from + MAX_EVENT_BYTES)
      const isLast = from + chunk.length === bytes.length
      const length = isLast ? chunk.length : chunk.length - incompleteCharacter(chunk).length
      const part = length === bytes.length ? bytes : bytes.slice(from, from + length)
      send({ terminalId, attachment: to.id, bytes: part })
      from += length
    }
  }

  function endAttachment(): void {
    if (attachment === null) return
    clearTimeout(attachment.timer)
    attachment = null
    options.onSpeed(null)
    updateFlowControl()
  }

  return {
    receive,

    async attach(size) {
      endAttachment()
      emulator.resize(size)
      const created: Attachment = {
        id: options.newAttachment(),
        queue: [],
        queuedBytes: 0,
        unacked: createUnackedOutput(),
        isReady: false,
        sentAtMs: 0,
        timer: undefined,
      }
      attachment = created
      // The screen does not include an incomplete sequence, but the window has to parse its rest.
      if (tail.length > 0) enqueue(created, tail)
      const screen = await emulator.serialize()
      // Queued output must reach the window after this reply.
      setImmediate(() => {
        created.isReady = true
        flush(created)
      })
      return { attachment: created.id, screen, size: emulator.size() }
    },

    detach(id) {
      if (attachment?.id === id) endAttachment()
    },
    detachCurrent: endAttachment,
    ack(id, bytes) {
      if (attachment?.id !== id) return
      const { unacked } = attachment
      const before = unacked.bytesPerMs()
      unacked.ack(bytes, performance.now())
      if (unacked.bytesPerMs() !== before) options.onSpeed(unacked.bytesPerMs())
      updateFlowControl()
    },
    isAttached: () => attachment !== null,
    isPaused: () => isPaused,
    whenParsed: () => new Promise((resolve) => emulator.whenParsed(resolve)),
    pendingBytes,
  }
}

function concatBytes(parts: readonly Uint8Array[], length: number): Uint8Array {
  const all = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
