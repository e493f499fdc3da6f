import type { AlertKey } from '../../alerts/alert'
import type { AccountId, PodId } from '../../pods/pod'

/*
 * A phone channel is one that a person can answer: buttons below alerts, and messages to a bot. See
 * docs/product-rules.md#143-answers-from-the-phone.
 */

/** What a button does. `dismiss`: no, to a question. */
export const phoneVerbs = ['stop', 'keep-4h', 'keep-morning', 'undo', 'dismiss'] as const
export type PhoneVerb = (typeof phoneVerbs)[number]
/** What a person may have done from the phone. Nothing here starts, creates or terminates. */
export type PhoneAction = Exclude<PhoneVerb, 'undo' | 'dismiss'>

/** The run of a pod that buttons are about. */
export interface PhoneTarget {
  readonly accountId: AccountId
  readonly podId: PodId
  readonly podName: string
  /** Unix ms. Another one is another run. */
  readonly podStartedAtMs: number
}

/** The buttons of one message. The first press of one of them uses all of them. */
export interface PhoneOffer extends PhoneTarget {
  /** Unpredictable: who knows it and may write to the channel can press the buttons. */
  readonly id: string
  readonly buttons: readonly PhoneVerb[]
  /** The alert that the message is; null: none. */
  readonly alert: AlertKey | null
  /** It asks about a press that was too old, or about an alert that no longer applies. A yes is then enough. */
  readonly isQuestion: boolean
  /** The command that its button takes back; null: none. */
  readonly undoes: string | null
  readonly madeAtMs: number
  /** Unix ms; null: not pressed yet. */
  readonly usedAtMs: number | null
}

export const commandPhases = ['asked', 'under-way', 'unconfirmed', 'done'] as const

/** What a person asked for. It is on disk before it is carried out. */
export interface PhoneCommand extends PhoneTarget {
  /** Also the id of the stop's intent. */
  readonly id: string
  readonly action: PhoneAction
  /** "telegram: Anna". */
  readonly person: string
  readonly atMs: number
  /**
   * `under-way`: a stop that was scheduled. `unconfirmed`: the pod was still running when that was last said, and may
   * stop later.
   */
  readonly phase: (typeof commandPhases)[number]
  /** A hold that the command set and nothing held before, so that it can be taken back. */
  readonly isOwnHold: boolean
}

/** A message on its way to the phone. */
export interface PhoneSay {
  readonly id: string
  readonly text: string
  /** The buttons below it; null: none. */
  readonly offerId: string | null
  /** The message that it answers; its buttons are removed. Null: none. */
  readonly answers: string | null
  readonly madeAtMs: number
}

/** What is remembered of a phone channel, on disk. */
export interface PhoneState {
  /** Where the next poll goes on; null: at the beginning. */
  readonly cursor: string | null
  /** When the cursor last moved, Unix ms. */
  readonly cursorAtMs: number
  /** The newest updates that were taken, so that one that comes again does nothing. */
  readonly seen: readonly string[]
  readonly offers: readonly PhoneOffer[]
  readonly commands: readonly PhoneCommand[]
  readonly says: readonly PhoneSay[]
  /** Updates of others since the last entry about them. */
  readonly ignoredCount: number
  /** When the activity log last told of them, Unix ms. */
  readonly ignoredLoggedAtMs: number
}

export const newPhoneState: PhoneState = {
  cursor: null,
  cursorAtMs: 0,
  seen: [],
  offers: [],
  commands: [],
  says: [],
  ignoredCount: 0,
  ignoredLoggedAtMs: 0,
}

/** Who wrote to the bot. `name`: as that person chose it, not cleaned. */
export interface PhoneSender {
  readonly id: string
  readonly name: string
}

/** What arrived from the phone, parsed and not trusted. */
export type PhoneUpdate = { readonly id: string } & (
  | {
      readonly kind: 'press'
      /** Null: the channel doesn't say who; its secret is all there is. */
      readonly from: PhoneSender | null
      readonly isPrivate: boolean
      readonly offerId: string
      readonly verb: PhoneVerb
      /** For the answer that ends the waiting of the button; null: there is none. */
      readonly callbackId: string | null
      readonly messageId: string | null
      /** How long ago it was pressed, by the clock of the service, ms; null: it doesn't say. */
      readonly agoMs: number | null
    }
  | { readonly kind: 'text'; readonly from: PhoneSender; readonly isPrivate: boolean; readonly text: string }
  /** Anything else. */
  | { readonly kind: 'other' }
)

/** A pod as far as a phone channel needs it. */
export interface PhonePod {
  readonly accountId: AccountId
  readonly podId: PodId
  readonly name: string
  readonly isRunning: boolean
  /** Unix ms; null: not known. */
  readonly startedAtMs: number | null
  /** What it is doing, as a clause: "idle for 22 min, $1.99/hr". */
  readonly doing: string
  /** Why it can't be stopped from here, as a clause after "since"; null: it can. */
  readonly stopProblem: string | null
  /** Until when it is kept running, Unix ms; Infinity: until canceled. Null: it isn't. */
  readonly keptUntilMs: number | null
}

/** What is observed of the pods now. */
export interface PhoneWorld {
  readonly pods: () => readonly PhonePod[]
  /** Why the pods of the account aren't known as they are now, as a sentence; null: they are. */
  readonly problemOf: (accountId: AccountId) => string | null
  /** The same of all accounts, each once. None: all pods are known. */
  readonly problems: () => readonly string[]
  /** Whether the alert still applies. */
  readonly isCurrent: (alert: AlertKey) => boolean
}

export const UNDO_MS = 60_000
/** What the buttons of a message offer at most is gone after this, ms. */
export const OFFER_KEPT_MS = 48 * 3_600_000
/** A message that can't be sent for so long is dropped, ms. */
export const SAY_KEPT_MS = 3_600_000
export const MAX_OFFERS = 300
export const MAX_SEEN = 300
export const MAX_SAYS = 50
