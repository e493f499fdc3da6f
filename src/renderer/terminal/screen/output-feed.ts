import type { TerminalId, TerminalSize, TerminalSnapshot } from '../../../core/terminal/terminal'
import type { Bridge } from '../../../shared/ipc'
import { type AckCounter, createAckCounter } from './ack-counter'

/** Where the bytes of a terminal are drawn. */
export interface OutputSink {
  /** Draws everything anew; what it answers to the program meanwhile is for nobody. */
  replay(screen: TerminalSnapshot): void
  /** Calls `onDrawn` once these bytes are on the screen. */
  write(bytes: Uint8Array, onDrawn: () => void): void
}

export interface OutputFeed {
  /** Ends it; what still comes is ignored. */
  stop(): void
}

type OutputFeedBridge = Pick<Bridge, 'attachTerminal' | 'detachTerminal' | 'ackTerminal' | 'on'>

/** How long an acknowledgement that was refused waits for the next try, ms. */
const ACK_RETRY_MS = 250

/** So much may wait for a page that nobody sees, which draws slowly, bytes. */
const MAX_HIDDEN_BACKLOG_BYTES = 64 * 1024

export interface OutputFeedListener {
  readonly onRefused: (reason: string) => void
  /** So much waits for a page that nobody sees that the pod would be held up: it should be ended. */
  readonly onHiddenBacklog: () => void
}

/** Brings the screen of a terminal, and everything that follows, to `canvas`. */
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
  /** Output can overtake the answer that says which attachment it is of. */
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
        // Without it main would wait for ever.
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
