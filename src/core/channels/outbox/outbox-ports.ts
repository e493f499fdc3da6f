import type { Clock } from '../../base/time/clock'
import type { Result } from '../../base/result'
import type { Channel } from '../channel'
import type { MessageBatch } from '../messages/message-content'
import type { RoutingContext } from '../routing'
import type { OutboxMessage, OutboxRecord } from './outbox-message'

/** Keeps the messages across restarts. */
export interface OutboxJournal {
  /** Ok means that it is on disk, fsynced; the error is a clause. */
  record(record: OutboxRecord): Result<void, string>
  /** The latest record of each id, oldest first; none while this program may not write. */
  latest(): readonly OutboxRecord[]
}

/** How a service answered. Texts are sentences without address or token. */
export type SendOutcome =
  | { readonly kind: 'accepted'; readonly answer: string }
  /** It may work later. `isBroken`: probably only once a person changed something. */
  | {
      readonly kind: 'failed'
      readonly answer: string
      readonly isBroken: boolean
      readonly retryAfterMs: number | null
    }
  /** The service doesn't take this message as it is. */
  | { readonly kind: 'rejected'; readonly answer: string }

/** Sends to the service of a channel. Never rejects; resolves within a minute. */
export type SendBatch = (channel: Channel, batch: MessageBatch) => Promise<SendOutcome>

export interface OutboxOptions {
  readonly clock: Clock
  /** 0 ≤ random < 1. */
  readonly random: () => number
  readonly journal: OutboxJournal
  readonly channels: () => readonly Channel[]
  /** False while some of the channels can't be read. */
  readonly areChannelsKnown: () => boolean
  readonly send: SendBatch
  readonly routing: () => RoutingContext
  /** What messages call this computer; null: they don't name it. */
  readonly computer: () => string | null
  /** Whether this program sends the alerts of the data folder. */
  readonly mayAct: () => boolean
  /** A message was given up: it was critical, or the service never took it. */
  readonly onLost: (message: OutboxMessage, channelName: string) => void
  readonly onChange: () => void
  /** Writes to the log; must not throw. */
  readonly report: (what: string, cause?: unknown) => void
}

/** What a channel is doing. */
export interface ChannelStatus {
  readonly waitingCount: number
  /** Why the latest attempt failed, as a sentence; null: it worked, or there was none. */
  readonly failure: string | null
  /** Unix ms; null: nothing failed. */
  readonly nextTryAtMs: number | null
  /** Unix ms of the last message that was accepted, as far as it is known. */
  readonly lastAcceptedAtMs: number | null
  /** Messages of the last seven days that were given up. */
  readonly lostCount: number
}

/** What the program that listens to a phone channel knows of it. */
export interface PhoneStatus {
  /** Why what is pressed there doesn't arrive, as a sentence; null: it does. */
  readonly failure: string | null
  /** Whether a stop is offered; null: not known yet. */
  readonly mayStop: boolean | null
}

/** A channel as it is listed. */
export interface ChannelView extends Channel {
  readonly status: ChannelStatus
  /** Null: this program doesn't listen to it. */
  readonly phoneStatus: PhoneStatus | null
}

export interface ChannelsView {
  readonly channels: readonly ChannelView[]
  /** Why the channels, or a part of them, can't be used, as a sentence; null: they can. */
  readonly problem: string | null
}
