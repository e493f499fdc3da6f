import type { Instant } from '../../base/time/time'
import type { Channel } from '../channel'
import { discordMessage } from './discord-message'
import { contentOf, type MessageBatch } from './message-content'
import { ntfyMessage } from './ntfy-message'
import { slackMessage } from './slack-message'
import { webhookMessage } from './webhook-message'

/** What is sent to the service as JSON. `topic` is that of an ntfy channel. */
export function payloadOf(
  { kind, name }: Pick<Channel, 'kind' | 'name'>,
  batch: MessageBatch,
  topic: string,
  now: Instant,
): object {
  switch (kind) {
    case 'ntfy':
      return ntfyMessage(contentOf(batch, now), topic)
    case 'slack':
      return slackMessage(contentOf(batch, now))
    case 'discord':
      return discordMessage(contentOf(batch, now))
    case 'webhook':
      return webhookMessage(batch, name)
  }
}
