import { HOUR_MS, MINUTE_MS } from '../base/time/time'
import type { PhoneSender, PhoneUpdate } from './offer/phone'

/**
 * A code that main's own window or the terminal shows. Who sends it to the bot, in a private chat, is the only person
 * whom the bot listens to. See docs/product-rules.md#143-answers-from-the-phone.
 */
export interface Pairing {
  /** Eight digits. */
  readonly code: string
  readonly triesLeft: number
  /** On the monotonic clock, ms. */
  readonly endsAtMs: number
}

export const PAIRING_VALID_MS = 10 * MINUTE_MS
const MAX_TRIES = 5
const CODE_DIGITS = 8

/** `randomBelow`: a whole number from 0 to below `limit`, unpredictable. */
export function newPairing(randomBelow: (limit: number) => number, monotonicMs: number): Pairing {
  const code = String(randomBelow(10 ** CODE_DIGITS)).padStart(CODE_DIGITS, '0')
  return { code, triesLeft: MAX_TRIES, endsAtMs: monotonicMs + PAIRING_VALID_MS }
}

/** "4829 1375". */
export const shownCode = ({ code }: Pairing): string => `${code.slice(0, 4)} ${code.slice(4)}`

export type PairingStep =
  | { readonly kind: 'waiting'; readonly pairing: Pairing }
  | { readonly kind: 'paired'; readonly person: PhoneSender }
  | { readonly kind: 'expired' | 'used-up' }

/** What arrived meanwhile. A code that was sent before the question was asked is none: see `pairBot`. */
export function pairWith(
  pairing: Pairing,
  updates: readonly PhoneUpdate[],
  monotonicMs: number,
): PairingStep {
  if (monotonicMs >= pairing.endsAtMs) return { kind: 'expired' }
  let { triesLeft } = pairing
  for (const update of updates) {
    if (update.kind !== 'text' || !update.isPrivate) continue
    const typed = codeIn(update.text)
    if (typed === null) continue
    if (typed === pairing.code) return { kind: 'paired', person: update.from }
    triesLeft -= 1
    if (triesLeft === 0) return { kind: 'used-up' }
  }
  return { kind: 'waiting', pairing: { ...pairing, triesLeft } }
}

/** What looks like a code; also as a link to the bot sends it: "/start 48291375". */
function codeIn(text: string): string | null {
  if (text.length > 40) return null
  const digits = text.replace(/^\/start\b/, '').replace(/[\s-]/g, '')
  return /^\d{4,12}$/.test(digits) ? digits : null
}

/** Telegram numbers updates at random after a week without any, so that an older cursor says nothing. */
export const CURSOR_VALID_MS = 6 * 24 * HOUR_MS
