import { performance } from 'node:perf_hooks'
import {
  MAX_UNACKNOWLEDGED_BYTES,
  type TerminalOutput,
  type TerminalSize,
  type TerminalSnapshot,
} from '../../core/terminal/terminal'
import { incompleteCharacter, tailAfter } from '../../core/terminal/partial-sequence'
import type { Emulator } from './emulator'

/** A pod that was asked to wait goes on once less than this is pending. */
const RESUME_BELOW_BYTES = 128 * 1024
/** The most bytes of one event. */
const MAX_EVENT_BYTES = 64 * 1024
/** What comes sooner than this after the last event waits for more; what comes later goes at once, as an echo does. */
const BATCH_WINDOW_MS = 4

/**
 * The way of a terminal's output: to the emulator, and to the window while one is attached. Neither may fall behind by
 * more than the flow control allows.
 */
export interface OutputStream {
  receive(bytes: Uint8Array): void
  /** From now on output goes to the window as well; ends an earlier attachment. */
  attach(size: TerminalSize): Promise<TerminalSnapshot>
  /** Nothing if it is another one. */
  detach(attachment: number): void
  detachCurrent(): void
  ack(attachment: number, bytes: number): void
  isAttached(): boolean
  /** Whether the pod was asked to wait. */
  isPaused(): boolean
  /** Ends once all that was received is parsed. */
  whenParsed(): Promise<void>
  /** Of the worse of the two readers. */
  pendingBytes(): number
}

export interface OutputStreamOptions {
  readonly terminalId: string
  readonly emulator: Emulator
  readonly newAttachment: () => number
  readonly send: (output: TerminalOutput) => void
  /** What the emulator answers to a program that no window has heard. */
  readonly reply: (text: string) => void
  readonly setPaused: (isPaused: boolean) => void
}

interface Attachment {
  readonly id: number
  queue: Uint8Array[]
  queuedBytes: number
  unackedBytes: number
  /** Its screen is on the way; what is queued follows it. */
  isReady: boolean
  sentAtMs: number
  timer: NodeJS.Timeout | undefined
}

export function createOutputStream(options: OutputStreamOptions): OutputStream {
  const { terminalId, emulator, send } = options
  let unparsedBytes = 0
  let tail: Uint8Array = new Uint8Array(0)
  /** The beginning of a character, held back until the rest of it is there. */
  let partialCharacter: Uint8Array = new Uint8Array(0)
  let attachment: Attachment | null = null
  let isPaused = false
  /** Of each write that is not parsed yet: whether a window was to answer what it asks. */
  const isAnsweredByWindow: boolean[] = []

  emulator.onReply((text) => {
    if (isAnsweredByWindow[0] === false) options.reply(text)
  })

  const pendingBytes = (): number =>
    Math.max(unparsedBytes, attachment === null ? 0 : attachment.queuedBytes + attachment.unackedBytes)

  function updateFlowControl(): void {
    const pending = pendingBytes()
    if (isPaused ? pending >= RESUME_BELOW_BYTES : pending <= MAX_UNACKNOWLEDGED_BYTES) return
    isPaused = !isPaused
    options.setPaused(isPaused)
  }

  function receive(received: Uint8Array): void {
    const bytes = wholeCharacters(received)
    if (bytes.length === 0) return
    tail = tailAfter(tail, bytes)
    parse(bytes, attachment !== null)
    if (attachment !== null) enqueue(attachment, bytes)
    updateFlowControl()
  }

  /** xterm.js spoils a character that comes in parts if one of its bytes is 0x80, as in all dashes and quotes. */
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
    isAnsweredByWindow.push(isAnswered)
    emulator.write(bytes, () => {
      unparsedBytes -= bytes.length
      isAnsweredByWindow.shift()
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
    // A copy of just these bytes: what is sent takes along all of the memory that it is a part of.
    const bytes = concatBytes(to.queue, to.queuedBytes)
    to.queue = []
    to.queuedBytes = 0
    to.unackedBytes += bytes.length
    to.sentAtMs = performance.now()
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
    clearTimeout(attachment?.timer)
    attachment = null
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
        unackedBytes: 0,
        isReady: false,
        sentAtMs: 0,
        timer: undefined,
      }
      attachment = created
      // The screen knows nothing of what is only begun, and the window has to read its rest.
      if (tail.length > 0) enqueue(created, tail)
      const screen = await new Promise<string>((resolve) => {
        emulator.whenParsed(() => resolve(emulator.serialize()))
      })
      // After the answer.
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
      attachment.unackedBytes = Math.max(0, attachment.unackedBytes - bytes)
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
