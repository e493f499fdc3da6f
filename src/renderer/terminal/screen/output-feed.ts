import type { TerminalId, TerminalScreen, TerminalSize } from '../../../core/terminal/terminal'
import type { Bridge } from '../../../shared/ipc'
import { type AckLedger, createAckLedger } from './ack-ledger'

/** Where the bytes of a terminal are drawn. */
export interface Canvas {
  /** Draws everything anew; what it answers to the program meanwhile is for nobody. */
  replay(screen: TerminalScreen): void
  /** Calls `onDrawn` once these bytes are on the screen. */
  write(bytes: Uint8Array, onDrawn: () => void): void
}

export interface Feed {
  /** Ends it; what still comes is ignored. */
  end(): void
}

type FeedBridge = Pick<Bridge, 'attachTerminal' | 'detachTerminal' | 'ackTerminal' | 'on'>

/** How long an acknowledgement that was refused waits for the next try, ms. */
const RETRY_MS = 250

/** So much may wait for a page that nobody sees, which draws slowly, bytes. */
const MOST_UNSEEN_BYTES = 64 * 1024

export interface FeedListener {
  readonly onRefused: (reason: string) => void
  /** So much waits for a page that nobody sees that the pod would be held up: it should be ended. */
  readonly onBehindUnseen: () => void
}

/** Brings the screen of a terminal, and everything that follows, to `canvas`. */
export function startFeed(
  bridge: FeedBridge,
  terminalId: TerminalId,
  size: TerminalSize,
  canvas: Canvas,
  listener: FeedListener,
  isSeen: () => boolean,
): Feed {
  let attachment: number | null = null
  let ledger: AckLedger | null = null
  let hasEnded = false
  /** Output can overtake the answer that says which attachment it is of. */
  const early: { readonly of: number; readonly bytes: Uint8Array }[] = []

  const draw = (bytes: Uint8Array): void => {
    ledger?.took(bytes.length)
    canvas.write(bytes, () => {
      if (!hasEnded) ledger?.drew(bytes.length)
    })
    if (!hasEnded && !isSeen() && (ledger?.waiting() ?? 0) > MOST_UNSEEN_BYTES) listener.onBehindUnseen()
  }
  const unsubscribe = bridge.on('terminalOutput', (output) => {
    if (hasEnded || output.terminalId !== terminalId) return
    if (attachment === null) early.push({ of: output.attachment, bytes: output.bytes })
    else if (output.attachment === attachment) draw(output.bytes)
  })

  function ledgerOf(number: number): AckLedger {
    const one = createAckLedger((bytes) => {
      void bridge.ackTerminal(number, bytes).then((answer) => {
        if (answer.ok || hasEnded) return
        one.lost(bytes)
        // Without it main would wait for ever.
        setTimeout(() => !hasEnded && one.drew(0), RETRY_MS)
      })
    })
    return one
  }

  async function attach(): Promise<void> {
    const answer = await bridge.attachTerminal(terminalId, size)
    if (!answer.ok) {
      if (!hasEnded) listener.onRefused(answer.error.message)
      return
    }
    if (hasEnded) return void bridge.detachTerminal(answer.value.attachment)
    attachment = answer.value.attachment
    ledger = ledgerOf(attachment)
    canvas.replay(answer.value)
    for (const { of, bytes } of early.splice(0)) if (of === attachment) draw(bytes)
  }
  void attach()

  return {
    end() {
      if (hasEnded) return
      hasEnded = true
      unsubscribe()
      if (attachment !== null) void bridge.detachTerminal(attachment)
    },
  }
}
