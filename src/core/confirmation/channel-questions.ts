import { plainText } from '../base/text/plain-text'
import type { Channel, ChannelKind } from '../channels/channel'
import { channelKindNames } from '../channels/outbox/channel-text'
import { bad, plain } from './confirmation'
import type { Question } from './question-queue'

/* Questions about where alerts go, which only main's own window asks. See docs/product-rules.md#142-phone-and-chat. */

const fieldLabels: Readonly<Record<ChannelKind, string>> = {
  ntfy: 'Paste the address of your topic, such as https://ntfy.sh/my-topic',
  telegram: 'Paste the token of your bot, from @BotFather',
  slack: 'Paste the address of the incoming webhook',
  discord: 'Paste the address of the webhook',
  webhook: 'Paste an address that takes Alertmanager’s webhooks (version 4)',
}

/** `channel`: the one that gets another address; null: a new one. */
export function channelAddressQuestion(
  kind: ChannelKind,
  channel: Pick<Channel, 'name' | 'host'> | null,
  problem: (typed: string) => string | null,
): Question {
  const name = channel === null ? null : plainText(channel.name)
  return {
    text: {
      title: name === null ? `Send alerts to ${channelKindNames[kind]}?` : `Change the address of ${name}?`,
      lines: [
        ...(channel === null ? [] : [plain(`Now at ${plainText(channel.host)}`)]),
        bad('Your alerts are sent there from now on, with the names of your pods and what they cost.'),
        plain('Keys, variables and addresses of computers are never in them.'),
      ],
      warning: null,
      field: { label: fieldLabels[kind], isSecret: false, acceptedInputs: null },
      confirmLabel: name === null ? 'Add channel' : 'Use this address',
      // Enter counts only once something is typed.
      isHarmful: false,
      isDestructive: false,
    },
    problem,
  }
}

export function channelTokenQuestion(host: string, problem: (typed: string) => string | null): Question {
  return {
    text: {
      title: `Does ${host} need an access token?`,
      lines: [plain('It is sent with each alert, to this address only.')],
      warning: null,
      field: {
        label: 'Paste the token. Leave it empty if there is none.',
        isSecret: true,
        isOptional: true,
        acceptedInputs: null,
      },
      confirmLabel: 'Continue',
      isHarmful: false,
      isDestructive: false,
    },
    problem,
  }
}

export function removeChannelQuestion({ name, host }: Pick<Channel, 'name' | 'host'>): Question {
  return {
    text: {
      title: `Remove the channel ${plainText(name)}?`,
      lines: [
        bad(`No more alerts are sent to ${plainText(host)}, and what waits for it is dropped.`),
        bad('A stop that needs a warning waits if nothing else can deliver it.'),
        plain('Its address and token are erased here.'),
      ],
      warning: null,
      field: null,
      confirmLabel: 'Remove channel',
      isHarmful: true,
      isDestructive: true,
    },
  }
}
