import type { Channel } from '../../core/channels/channel'
import type { MessageBatch } from '../../core/channels/messages/message-content'
import type { SendOutcome } from '../../core/channels/outbox/outbox-ports'
import type { HostRule } from '../http/base-url'
import { type ChannelSenderOptions, createChannelSender } from './channel-sender'
import { parseChannelTarget } from './channel-target'

/** Sends to an address as it was entered, which is checked each time, because a file may hold anything. */
export function createAddressSender(
  options: ChannelSenderOptions & { readonly hosts?: HostRule },
): (
  channel: Pick<Channel, 'kind' | 'name'>,
  entered: { readonly address: string; readonly token: string | null },
  batch: MessageBatch,
) => Promise<SendOutcome> {
  const send = createChannelSender(options)
  return async (channel, { address, token }, batch) => {
    const target = parseChannelTarget(channel.kind, address, token, options.hosts)
    if (!target.ok)
      return {
        kind: 'failed',
        answer: `Nothing was sent: ${target.error}`,
        isBroken: true,
        retryAfterMs: null,
      }
    return send(channel, target.value, batch)
  }
}
