import type { ChannelsView } from '../../core/channels/outbox/channel-view'
import type { Bridge } from '../../shared/ipc'
import { usePushedView } from '../state/hooks/use-pushed-view'
import { channelsText } from './channels-text'

const read = (bridge: Bridge) => bridge.channels()

/** The channels from the main process; null until they arrive. */
export const useChannels = (): ChannelsView | null =>
  usePushedView('channels', read, channelsText.couldNotRead)
