import { plainText } from '../base/text/plain-text'
import type { Channel, ChannelKind } from '../channels/channel'
import { channelKindNames, noStopText } from '../channels/outbox/channel-text'
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
      title:
        name === null
          ? `Send alerts to ${channelKindNames[kind]}?`
          : kind === 'telegram'
            ? `Change the bot of ${name}?`
            : `Change the address of ${name}?`,
      lines: [
        ...(channel === null ? [] : [plain(`Now at ${plainText(channel.host)}`)]),
        bad('Your alerts are sent there from now on, with the names of your pods and what they cost.'),
        plain('Keys, variables and addresses of computers are never in them.'),
      ],
      warning: null,
      field: { label: fieldLabels[kind], isSecret: kind === 'telegram', acceptedInputs: null },
      confirmLabel: name === null ? 'Add channel' : kind === 'telegram' ? 'Use this bot' : 'Use this address',
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

/** The code is in this window alone, so that only who sees this screen can be paired. */
export function pairBotQuestion(
  { name }: Pick<Channel, 'name'>,
  {
    bot,
    code,
    isStillMissing,
  }: { readonly bot: string; readonly code: string; readonly isStillMissing: boolean },
): Question {
  return {
    text: {
      title: `Pair ${plainText(name)} with your phone`,
      lines: [
        plain(`In Telegram, open @${bot}, press Start and send it this code. It is valid for 10 minutes.`),
        bad('Who sends it can stop your pods and keep them running. Show it to nobody else.'),
        plain('Nothing is started, created or terminated from the phone.'),
      ],
      script: code,
      scriptLabel: 'Code',
      warning: isStillMissing ? 'The code hasn’t arrived yet. Podkeeper keeps waiting for it.' : null,
      field: null,
      confirmLabel: 'I sent the code',
      isHarmful: false,
      isDestructive: false,
    },
  }
}

/** `mayStop`: see `ButtonOffer`. */
export function offerButtonsQuestion(
  { name, host }: Pick<Channel, 'name' | 'host'>,
  mayStop: boolean | null,
  replyTopic: string,
): Question {
  return {
    text: {
      title: `Offer buttons in ${plainText(name)}?`,
      lines: [
        plain('Alerts about a pod get the buttons Keep 4 h and Keep until tomorrow.'),
        mayStop === true
          ? bad('They also get Stop, because the server refuses the topic without a token.')
          : plain(noStopText(mayStop, host)),
        bad('ntfy says nobody’s name: whoever reads the topic can press them.'),
        plain('If your server asks for a token, let everyone write to this topic, or presses can’t arrive:'),
      ],
      script: replyTopic,
      scriptLabel: 'Topic of the buttons',
      warning: null,
      field: null,
      confirmLabel: 'Offer buttons',
      isHarmful: true,
      isDestructive: false,
    },
  }
}

export function unpairQuestion({ name, phone }: Pick<Channel, 'name' | 'phone'>): Question {
  return {
    text: {
      title: `Unpair ${plainText(name)}?`,
      lines: [
        plain(`${plainText(phone?.personName ?? 'Nobody')} can’t stop or keep pods from the phone anymore.`),
        bad('No more alerts are sent there, and what waits is dropped, until it is paired again.'),
        bad('A stop that needs a warning waits if nothing else can deliver it.'),
      ],
      warning: null,
      field: null,
      confirmLabel: 'Unpair',
      isHarmful: true,
      isDestructive: true,
    },
  }
}
