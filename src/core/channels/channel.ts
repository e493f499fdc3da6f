import type { AlertKind } from '../alerts/alert'
import type { QuietHours } from '../settings/definitions/quiet-hours'

/* A channel is a place outside this computer that gets alerts: see docs/product-rules.md#142-phone-and-chat. */

export const channelKinds = ['ntfy', 'telegram', 'slack', 'discord', 'webhook'] as const
export type ChannelKind = (typeof channelKinds)[number]

/** Which alerts go to a channel. `locked`: only while this computer is locked, or where that is not known. */
export const channelRoutes = ['always', 'critical', 'locked', 'never'] as const
export type ChannelRoute = (typeof channelRoutes)[number]

/** Those that a person can answer: see docs/product-rules.md#143-answers-from-the-phone. */
export const isPhoneKind = (kind: ChannelKind): boolean => kind === 'ntfy' || kind === 'telegram'

/** Who may answer on a channel. */
export interface ChannelPhone {
  /** As that person calls themselves, cleaned; null: who may write to the topic. */
  readonly personName: string | null
  /** Unix ms. */
  readonly sinceMs: number
}

export interface ChannelQuietHours extends QuietHours {
  /** IANA name; null: that of this computer. */
  readonly timeZone: string | null
  /** Critical alerts wait as well. A stop that needs such a warning waits with it. */
  readonly holdsCritical: boolean
}

/** What is known of a channel outside of the keyring: never its address or token. */
export interface Channel {
  readonly id: string
  readonly kind: ChannelKind
  readonly name: string
  /** The host of its address, for display. */
  readonly host: string
  readonly isOn: boolean
  /** For kinds of alerts that `kindRoutes` does not name. */
  readonly route: ChannelRoute
  readonly kindRoutes: { readonly [K in AlertKind]?: ChannelRoute }
  /** Null: none. */
  readonly quietHours: ChannelQuietHours | null
  /** How long alerts that are not critical wait for others, to be sent as one message; 0: not at all. */
  readonly groupMinutes: number
  /** Messages without a critical alert within an hour. What comes beyond waits and is grouped. */
  readonly maxPerHour: number
  /** Null: nobody may. A bot of Telegram then has nobody to send to. */
  readonly phone: ChannelPhone | null
}

/** What a person may change of a channel without its address. */
export type ChannelChanges = Partial<Omit<Channel, 'id' | 'kind' | 'host' | 'phone'>>

/** A bot that is not paired has nobody to send to. */
export const isUnpaired = ({ kind, phone }: Pick<Channel, 'kind' | 'phone'>): boolean =>
  kind === 'telegram' && phone === null

export const MAX_CHANNELS = 20
export const MAX_CHANNEL_NAME_CHARS = 60
export const MAX_GROUP_MINUTES = 60
export const MAX_PER_HOUR = 1_000

export function newChannel(id: string, kind: ChannelKind, name: string, host: string): Channel {
  return {
    id,
    kind,
    name,
    host,
    isOn: true,
    route: 'always',
    kindRoutes: {},
    quietHours: null,
    groupMinutes: 0,
    maxPerHour: 30,
    phone: null,
  }
}
