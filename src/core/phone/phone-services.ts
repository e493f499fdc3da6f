import type { ChannelKind } from '../channels/channel'
import type { Result } from '../base/result'
import type { PhoneService, PollOutcome } from './phone-line'

/** What is known of a phone channel's service. All of it is secret. */
export interface PhoneAddress {
  /** That of Telegram ends with the chat, once the bot is paired. */
  readonly address: string
  readonly token: string | null
  /** Of ntfy: where its buttons publish to; absent or null: it has none. */
  readonly replyTopic?: string | null
}

export interface OpenedPhone {
  readonly service: PhoneService
  /** The id of the only person who may write; null: who may write to the topic may press. */
  readonly personId: string | null
  /** Whether a stop may be offered and carried out; null: that can't be found out now. Never rejects. */
  readonly mayStop: () => Promise<boolean | null>
}

/** A bot that nobody is paired with yet. Nothing here rejects. */
export interface UnpairedBot extends Pick<PhoneService, 'poll'> {
  /** Takes what waits, without waiting for more. */
  readonly readWaiting: (cursor: string | null) => Promise<PollOutcome>
  /** The name by which a person finds it: "my_bot". The error is a sentence. */
  readonly userName: () => Promise<Result<string, string>>
  /** Where the messages to this person go. */
  readonly addressFor: (personId: string) => PhoneAddress
  /** Says to this person that the bot is paired. */
  readonly greet: (personId: string) => Promise<void>
}

/** The services of phone channels. Errors are sentences without addresses and tokens. */
export interface PhoneServices {
  readonly open: (kind: ChannelKind, address: PhoneAddress) => Result<OpenedPhone, string>
  /** A bot of Telegram by what was kept of it. */
  readonly openBot: (address: PhoneAddress) => Result<UnpairedBot, string>
  /** What is kept of a bot by its token. */
  readonly newBot: (token: string) => Result<PhoneAddress & { readonly host: string }, string>
}
