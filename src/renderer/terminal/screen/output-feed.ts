import type { TerminalId, TerminalSize, TerminalSnapshot } from '../../../core/terminal/terminal'
import type { Bridge } from '../../../shared/ipc'

/** Acknowledging in batches of this size, a screen that keeps up never makes the main process wait. */
export const ACK_BATCH_BYTES = 32 * 1024

interface AckCounter {
  /** Counts bytes that were handed to the screen. */
  addPending(bytes: number): void
  /** Counts bytes that have been drawn. */
  addDrawn(bytes: number): void
  /** Bytes handed over but not yet drawn. */
  pendingBytes(): number
  /** Adds bytes of a lost acknowledgment to the next one. */
  restoreUnacked(bytes: number): void
}

/** Sums up drawn bytes and calls `send` every `ACK_BATCH_BYTES`, or when nothing is left to draw. */
export function createAckCounter(send: (bytes: number) => void): AckCounter {
  let pendingBytes = 0
  let unackedBytes = 0
  const flush = (): void => {
    if (unackedBytes === 0 || (unackedBytes < ACK_BATCH_BYTES && pendingBytes > 0)) return
    const bytes = unackedBytes
    unackedBytes = 0
    send(bytes)
  }
  return {
    addPending: (bytes) => {
      pendingBytes += bytes
    },
    addDrawn: (bytes) => {
      pendingBytes -= bytes
      unackedBytes += bytes
      flush()
    },
    pendingBytes: () => pendingBytes,
    restoreUnacked: (bytes) => {
      unackedBytes += bytes
    },
  }
}

/** Draws the output of a terminal. */
export interface OutputSink {
  /** Redraws everything. Replies of the terminal to the replayed output are discarded. */
  replay(screen: TerminalSnapshot): void
  /** Draws bytes and calls `onDrawn` once they are on the screen. */
  write(bytes: Uint8Array, onDrawn: () => void): void
}

export interface OutputFeed {
  /** Stops the feed; later output is ignored. */
  stop(): void
}

type OutputFeedBridge = Pick<Bridge, 'attachTerminal' | 'detachTerminal' | 'ackTerminal' | 'on'>

/** Delay before an acknowledgment that failed is sent again. */
const ACK_RETRY_MS = 250

/** Maximum number of undrawn bytes in a hidden page, where drawing is slow. */
const MAX_HIDDEN_BACKLOG_BYTES = 64 * 1024

export interface OutputFeedListener {
  readonly onRefused: (reason: string) => void
  /**
   * Called when a hidden page has so many undrawn bytes that the pod would be held up; the feed should be
   * stopped.
   */
  readonly onHiddenBacklog: () => void
}

/** Attaches to a terminal, draws its snapshot into `sink`, and then all further output. */
export function startOutputFeed(
  bridge: OutputFeedBridge,
  terminalId: TerminalId,
  size: TerminalSize,
  sink: OutputSink,
  listener: OutputFeedListener,
  isPageVisible: () => boolean,
): OutputFeed {
  let attachment: number | null = null
  let ackCounter: AckCounter | null = null
  let isStopped = false
  /** Output may arrive before the reply that says which attachment it belongs to. */
  const earlyOutput: { readonly attachmentId: number; readonly bytes: Uint8Array }[] = []

  const writeOutput = (bytes: Uint8Array): void => {
    ackCounter?.addPending(bytes.length)
    sink.write(bytes, () => {
      if (!isStopped) ackCounter?.addDrawn(bytes.length)
    })
    if (!isStopped && !isPageVisible() && (ackCounter?.pendingBytes() ?? 0) > MAX_HIDDEN_BACKLOG_BYTES)
      listener.onHiddenBacklog()
  }
  const unsubscribe = bridge.on('terminalOutput', (output) => {
    if (isStopped || output.terminalId !== terminalId) return
    if (attachment === null) earlyOutput.push({ attachmentId: output.attachment, bytes: output.bytes })
    else if (output.attachment === attachment) writeOutput(output.bytes)
  })

  function createAttachmentCounter(attachmentId: number): AckCounter {
    const counter = createAckCounter((bytes) => {
      void bridge.ackTerminal(attachmentId, bytes).then((answer) => {
        if (answer.ok || isStopped) return
        counter.restoreUnacked(bytes)
        // Without another acknowledgment the main process would wait forever.
        setTimeout(() => !isStopped && counter.addDrawn(0), ACK_RETRY_MS)
      })
    })
    return counter
  }

  async function attach(): Promise<void> {
    const answer = await bridge.attachTerminal(terminalId, size)
    if (!answer.ok) {
      if (!isStopped) listener.onRefused(answer.error.message)
      return
    }
    if (isStopped) return void bridge.detachTerminal(answer.value.attachment)
    attachment = answer.value.attachment
    ackCounter = createAttachmentCounter(attachment)
    sink.replay(answer.value)
    for (const { attachmentId, bytes } of earlyOutput.splice(0))
      if (attachmentId === attachment) writeOutput(bytes)
  }
  void attach()

  return {
    stop() {
      if (isStopped) return
      isStopped = true
      unsubscribe()
      if (attachment !== null) void bridge.detachTerminal(attachment)
    },
  }
}
