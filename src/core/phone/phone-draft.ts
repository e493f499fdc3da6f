import type { AlertKey } from '../alerts/alert'
import { DAY_MS } from '../base/time/time'
import {
  MAX_OFFERS,
  MAX_SAYS,
  MAX_SEEN,
  OFFER_KEPT_MS,
  type PhoneAction,
  type PhoneCommand,
  type PhoneOffer,
  type PhoneState,
  type PhoneTarget,
  type PhoneVerb,
  SAY_KEPT_MS,
} from './offer/phone'

/** What is done once the state is on disk. */
export type PhoneEffect =
  /** Ends the waiting of a pressed button, and shows the text for a moment. */
  | { readonly kind: 'answer'; readonly callbackId: string; readonly text: string }
  | { readonly kind: 'undo'; readonly command: PhoneCommand }
  | { readonly kind: 'log'; readonly text: string; readonly target: PhoneTarget | null }

export interface PhoneStep {
  readonly state: PhoneState
  readonly effects: readonly PhoneEffect[]
}

export interface NewOffer {
  readonly target: PhoneTarget
  readonly buttons: readonly PhoneVerb[]
  readonly alert?: AlertKey | null
  readonly isQuestion?: true
  readonly undoes?: string
}

/** The state of a phone channel while one step changes it. */
export interface PhoneDraft {
  readonly state: () => PhoneState
  readonly change: (changes: Partial<PhoneState>) => void
  readonly effect: (effect: PhoneEffect) => void
  readonly offer: (offer: NewOffer) => string
  readonly say: (
    text: string,
    options?: { readonly answers?: string | null; readonly offer?: NewOffer },
  ) => void
  /** Asks whether to do it; a yes is then enough. */
  readonly ask: (text: string, action: PhoneAction, target: PhoneTarget, answers?: string | null) => void
  readonly setOffer: (offer: PhoneOffer) => void
  readonly setCommand: (command: PhoneCommand) => void
  readonly done: () => PhoneStep
}

export function draftOf(before: PhoneState, nowMs: number, newId: () => string): PhoneDraft {
  let state = before
  const effects: PhoneEffect[] = []
  const change = (changes: Partial<PhoneState>): void => {
    state = { ...state, ...changes }
  }

  function offer({ target, buttons, alert = null, isQuestion, undoes = '' }: NewOffer): string {
    const made: PhoneOffer = {
      ...targetOf(target),
      id: newId(),
      buttons,
      alert,
      isQuestion: isQuestion === true,
      undoes: undoes === '' ? null : undoes,
      madeAtMs: nowMs,
      usedAtMs: null,
    }
    change({ offers: [...state.offers, made] })
    return made.id
  }

  const say: PhoneDraft['say'] = (text, options = {}) => {
    const offerId = options.offer === undefined ? null : offer(options.offer)
    const made = { id: newId(), text, offerId, answers: options.answers ?? null, madeAtMs: nowMs }
    change({ says: [...state.says, made] })
  }

  return {
    state: () => state,
    change,
    effect: (effect) => void effects.push(effect),
    offer,
    say,
    ask: (text, action, target, answers = null) =>
      say(text, { answers, offer: { target, buttons: [action, 'dismiss'], isQuestion: true } }),
    setOffer: (changed) =>
      change({ offers: state.offers.map((one) => (one.id === changed.id ? changed : one)) }),
    setCommand(changed) {
      const isKnown = state.commands.some(({ id }) => id === changed.id)
      change({
        commands: isKnown
          ? state.commands.map((one) => (one.id === changed.id ? changed : one))
          : [...state.commands, changed],
      })
    },
    done: () => ({ state: state === before ? before : kept(state, nowMs), effects }),
  }
}

export const targetOf = ({ accountId, podId, podName, podStartedAtMs }: PhoneTarget): PhoneTarget => ({
  accountId,
  podId,
  podName,
  podStartedAtMs,
})

/** What is still needed. A set clock removes nothing that is under way. */
function kept(state: PhoneState, nowMs: number): PhoneState {
  const isWithin = (atMs: number, ms: number): boolean => Math.abs(nowMs - atMs) < ms
  return {
    ...state,
    seen: state.seen.slice(-MAX_SEEN),
    offers: state.offers.filter(({ madeAtMs }) => isWithin(madeAtMs, OFFER_KEPT_MS)).slice(-MAX_OFFERS),
    commands: state.commands.filter(({ phase, atMs }) => phase !== 'done' || isWithin(atMs, DAY_MS)),
    says: state.says.filter(({ madeAtMs }) => isWithin(madeAtMs, SAY_KEPT_MS)).slice(-MAX_SAYS),
  }
}
