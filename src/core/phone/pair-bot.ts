import type { Clock } from '../base/time/clock'
import { fail, ok, type Result } from '../base/result'
import { SECOND_MS } from '../base/time/time'
import type { PhoneSender } from './offer/phone'
import { newPairing, type Pairing, pairWith, shownCode } from './pairing'
import { pairingText } from './pairing-text'
import type { PollOutcome } from './phone-line'
import type { UnpairedBot } from './phone-services'

export interface PairBotOptions {
  readonly clock: Clock
  readonly bot: Pick<UnpairedBot, 'poll' | 'readWaiting'>
  /** A whole number from 0 to below `limit`, unpredictable. */
  readonly randomBelow: (limit: number) => number
  /** Called once, with the code as it is shown. */
  readonly onCode: (code: string) => void
}

export interface BotPairing {
  /** Who sent the code; null: it was canceled. The error is a sentence. */
  readonly outcome: Promise<Result<PhoneSender | null, string>>
  /** Nobody is paired then. */
  readonly cancel: () => void
}

const RETRY_MS = 2 * SECOND_MS
/** Each brings a hundred. */
const MAX_OLD_READS = 50

/** Waits for the person who sends the code to the bot. See docs/product-rules.md#143-answers-from-the-phone. */
export function pairBot({ clock, bot, randomBelow, onCode }: PairBotOptions): BotPairing {
  let isCanceled = false
  let endWait = (): void => {}

  function waited(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancelTimer = clock.schedule(ms, resolve)
      endWait = () => {
        cancelTimer()
        resolve()
      }
    })
  }

  /** Null: the time was over, or it was canceled. */
  function polled(cursor: string | null, leftMs: number): Promise<PollOutcome | null> {
    return new Promise((resolve) => {
      const poll = bot.poll(cursor)
      const end = (): void => {
        cancelTimer()
        poll.cancel()
        resolve(null)
      }
      const cancelTimer = clock.schedule(leftMs, end)
      endWait = end
      void poll.outcome.then((outcome) => {
        cancelTimer()
        resolve(outcome)
      })
    })
  }

  async function run(): Promise<Result<PhoneSender | null, string>> {
    const old = await readOld(bot)
    if (isCanceled) return ok(null)
    if (!old.ok) return old
    let cursor = old.value
    let pairing: Pairing = newPairing(randomBelow, clock.now().monotonicMs)
    onCode(shownCode(pairing))
    for (;;) {
      const leftMs = pairing.endsAtMs - clock.now().monotonicMs
      if (leftMs <= 0) return fail(pairingText.expired)
      const outcome = await polled(cursor, leftMs)
      if (isCanceled) return ok(null)
      if (outcome === null) continue
      if (!outcome.ok && outcome.isBroken) return fail(outcome.error)
      if (outcome.ok) {
        ;({ cursor } = outcome)
        const step = pairWith(pairing, outcome.updates, clock.now().monotonicMs)
        if (step.kind === 'paired') {
          // So that the code is not read again as a message.
          await bot.readWaiting(cursor)
          return ok(isCanceled ? null : step.person)
        }
        if (step.kind !== 'waiting')
          return fail(step.kind === 'expired' ? pairingText.expired : pairingText.usedUp)
        ;({ pairing } = step)
      }
      const pauseMs = outcome.ok ? 0 : Math.max(RETRY_MS, outcome.retryAfterMs ?? 0)
      if (pauseMs > 0) await waited(Math.min(pauseMs, leftMs))
      if (isCanceled) return ok(null)
    }
  }

  return {
    outcome: run(),
    cancel() {
      isCanceled = true
      endWait()
    },
  }
}

/** Where what comes from now on begins: a code that was sent before one is shown is none. */
async function readOld(bot: Pick<UnpairedBot, 'readWaiting'>): Promise<Result<string | null, string>> {
  let cursor: string | null = null
  for (let reads = 0; reads < MAX_OLD_READS; reads += 1) {
    const outcome = await bot.readWaiting(cursor)
    if (!outcome.ok) return fail(outcome.error)
    ;({ cursor } = outcome)
    if (outcome.updates.length === 0) break
  }
  return ok(cursor)
}
