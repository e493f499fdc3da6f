import * as v from 'valibot'
import { type ChannelChanges, type ChannelKind, channelKinds } from '../../core/channels/channel'
import { channelChangesSchema, channelIdSchema } from '../../core/channels/channel-codec'
import type { ChannelsView } from '../../core/channels/outbox/outbox-ports'

/** How a service answered a test message. `answer`: a sentence. */
export interface ChannelTest {
  readonly isAccepted: boolean
  readonly answer: string
}

/**
 * The part of the contract for channels. Addresses and tokens are typed in the app's own window: no request carries one,
 * in either direction.
 */
export interface ChannelRequests {
  channels: () => ChannelsView
  /** Asks for the address in the app's own window. False: the user canceled. */
  addChannel: (kind: ChannelKind) => boolean
  replaceChannelAddress: (channelId: string) => boolean
  changeChannel: (channelId: string, changes: ChannelChanges) => void
  /** Asks in the app's own window. False: declined. */
  removeChannel: (channelId: string) => boolean
  testChannel: (channelId: string) => ChannelTest
  /** Shows the code of a pairing, or asks whether buttons are offered, in the app's own window. False: canceled. */
  pairChannel: (channelId: string) => boolean
  unpairChannel: (channelId: string) => boolean
}

export const channelRequestSchemas = {
  channels: v.tuple([]),
  addChannel: v.tuple([v.picklist(channelKinds)]),
  replaceChannelAddress: v.tuple([channelIdSchema]),
  changeChannel: v.tuple([channelIdSchema, channelChangesSchema]),
  removeChannel: v.tuple([channelIdSchema]),
  testChannel: v.tuple([channelIdSchema]),
  pairChannel: v.tuple([channelIdSchema]),
  unpairChannel: v.tuple([channelIdSchema]),
} satisfies { [K in keyof ChannelRequests]: v.GenericSchema<unknown, Parameters<ChannelRequests[K]>> }
