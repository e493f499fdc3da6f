import { performance } from 'node:perf_hooks'
import {
  MAX_UNACKNOWLEDGED_BYTES,
  type TerminalOutput,
  type TerminalScreen,
  type TerminalSize,
} from '../../core/terminal/terminal'
import { partOfCharacter, tailAfter } from '../../core/terminal/partial-sequence'
import type { Emulator } from './emulator'

/** A pod that was asked to wait goes on once less than this is pending. */
const RESUME_BELOW_BYTES = 128 * 1024
/** The most bytes of one event. */
const MAX_EVENT_BYTES = 64 * 1024
/** What comes sooner than this after the last event waits for more; what comes later goes at once, as an echo does. */
const JOIN_WITHIN_MS = 4

/**
 * The way of a terminal's output: to the emulator, and to the window while one is attached. Neither may fall behind by
 * more than the flow control allows.
 */
export interface OutputPath {
  receive(bytes: Uint8Array): void
  /** From now on output goes to the window as well; ends an earlier attachment. */
  attach(size: TerminalSize): Promise<TerminalScreen>
  /** Nothing if it is another one. */
  detach(attachment: number): void
  detachAny(): void
  ack(attachment: number, bytes: number): void
  isAttached(): boolean
  /** Whether the pod was asked to wait. */
  isPaused(): boolean
  /** Ends once all that was received is parsed. */
  settled(): Promise<void>
  /** Of the worse of the two readers. */
  pendingBytes(): number
}

export interface OutputPathOptions {
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

export function createOutputPath(options: OutputPathOptions): OutputPath {
  const { terminalId, emulator, send } = options
  let unparsedBytes = 0
  let tail: Uint8Array = new Uint8Array(0)
  /** The beginning of a character, held back until the rest of it is there. */
  let begun: Uint8Array = new Uint8Array(0)
  let attachment: Attachment | null = null
  let isWaiting = false
  /** Of each write that is not parsed yet: whether a window was to answer what it asks. */
  const heard: boolean[] = []

  emulator.onReply((text) => {
    if (heard[0] === false) options.reply(text)
  })

  const pendingBytes = (): number =>
    Math.max(unparsedBytes, attachment === null ? 0 : attachment.queuedBytes + attachment.unackedBytes)

  function regulate(): void {
    const pending = pendingBytes()
    if (isWaiting ? pending >= RESUME_BELOW_BYTES : pending <= MAX_UNACKNOWLEDGED_BYTES) return
    isWaiting = !isWaiting
    options.setPaused(isWaiting)
  }

  function receive(received: Uint8Array): void {
    const bytes = wholeCharacters(received)
    if (bytes.length === 0) return
    tail = tailAfter(tail, bytes)
    read(bytes, attachment !== null)
    if (attachment !== null) enqueue(attachment, bytes)
    regulate()
  }

  /** xterm.js spoils a character that comes in parts if one of its bytes is 0x80, as in all dashes and quotes. */
  function wholeCharacters(received: Uint8Array): Uint8Array {
    const bytes = begun.length === 0 ? received : joined([begun, received], begun.length + received.length)
    begun = partOfCharacter(bytes)
    return bytes.subarray(0, bytes.length - begun.length)
  }

  function read(bytes: Uint8Array, isHeard: boolean): void {
    unparsedBytes += bytes.length
    heard.push(isHeard)
    emulator.write(bytes, () => {
      unparsedBytes -= bytes.length
      heard.shift()
      regulate()
    })
  }

  function enqueue(to: Attachment, bytes: Uint8Array): void {
    to.queue.push(bytes)
    to.queuedBytes += bytes.length
    if (to.isReady) hasten(to)
  }

  function hasten(to: Attachment): void {
    const waitMs = JOIN_WITHIN_MS - (performance.now() - to.sentAtMs)
    if (waitMs <= 0 || to.queuedBytes >= MAX_EVENT_BYTES) flush(to)
    else to.timer ??= setTimeout(() => flush(to), waitMs)
  }

  function flush(to: Attachment): void {
    clearTimeout(to.timer)
    to.timer = undefined
    if (attachment !== to || to.queuedBytes === 0) return
    // A copy of just these bytes: what is sent takes along all of the memory that it is a part of.
    const bytes = joined(to.queue, to.queuedBytes)
    to.queue = []
    to.queuedBytes = 0
    to.unackedBytes += bytes.length
    to.sentAtMs = performance.now()
    for (let from = 0; from < bytes.length;) {
      const most = bytes.subarray(from, from + MAX_EVENT_BYTES)
      const isLast = from + most.length === bytes.length
      const length = isLast ? most.length : most.length - partOfCharacter(most).length
      const part = length === bytes.length ? bytes : bytes.slice(from, from + length)
      send({ terminalId, attachment: to.id, bytes: part })
      from += length
    }
  }

  function end(): void {
    clearTimeout(attachment?.timer)
    attachment = null
    regulate()
  }

  return {
    receive,

    async attach(size) {
      end()
      emulator.resize(size)
      const mine: Attachment = {
        id: options.newAttachment(),
        queue: [],
        queuedBytes: 0,
        unackedBytes: 0,
        isReady: false,
        sentAtMs: 0,
        timer: undefined,
      }
      attachment = mine
      // The screen knows nothing of what is only begun, and the window has to read its rest.
      if (tail.length > 0) enqueue(mine, tail)
      const screen = await new Promise<string>((resolve) => {
        emulator.whenParsed(() => resolve(emulator.serialise()))
      })
      // After the answer.
      setImmediate(() => {
        mine.isReady = true
        flush(mine)
      })
      return { attachment: mine.id, screen, size: emulator.size() }
    },

    detach(id) {
      if (attachment?.id === id) end()
    },
    detachAny: end,
    ack(id, bytes) {
      if (attachment?.id !== id) return
      attachment.unackedBytes = Math.max(0, attachment.unackedBytes - bytes)
      regulate()
    },
    isAttached: () => attachment !== null,
    isPaused: () => isWaiting,
    settled: () => new Promise((resolve) => emulator.whenParsed(resolve)),
    pendingBytes,
  }
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const all = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
