import type { Channel } from '../channel'
import type { ChannelStatus } from './outbox-ports'

/** A channel as it is listed. */
export interface ChannelView extends Channel {
  readonly status: ChannelStatus
}

export interface ChannelsView {
  readonly channels: readonly ChannelView[]
  /** Why the channels, or a part of them, can't be used, as a sentence; null: they can. */
  readonly problem: string | null
}
