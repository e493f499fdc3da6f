import type { Instant } from '../../base/time/time'
import type { Channel } from '../channel'
import { discordMessage } from './discord-message'
import { contentOf, type MessageBatch } from './message-content'
import { ntfyActions, ntfyMessage } from './ntfy-message'
import { slackMessage } from './slack-message'
import { telegramMessage } from './telegram-message'
import { webhookMessage } from './webhook-message'

/** What is sent to the service as JSON. `topic` and `origin` are those of an ntfy channel; `topic` of Telegram is the chat. */
export function payloadOf(
  { kind, name }: Pick<Channel, 'kind' | 'name'>,
  batch: MessageBatch,
  { topic, origin }: { readonly topic: string; readonly origin: string },
  now: Instant,
): object {
  switch (kind) {
    case 'ntfy':
      return ntfyMessage(contentOf(batch, now), topic, ntfyActions(batch.buttons, origin))
    case 'telegram':
      return telegramMessage(contentOf(batch, now), topic, batch.buttons?.offer ?? null)
    case 'slack':
      return slackMessage(contentOf(batch, now))
    case 'discord':
      return discordMessage(contentOf(batch, now))
    case 'webhook':
      return webhookMessage(batch, name)
  }
}
