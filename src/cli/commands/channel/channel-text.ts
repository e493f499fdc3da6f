/* What the channel commands say. */
export const channelText = {
  askAddress: {
    ntfy: 'Address of the topic, such as https://ntfy.sh/my-topic (hidden): ',
    telegram: 'Token of the bot, from @BotFather (hidden): ',
    slack: 'Address of the incoming webhook (hidden): ',
    discord: 'Address of the webhook (hidden): ',
    webhook: 'Address of the webhook (hidden): ',
  },
  askToken: 'Access token, or Enter for none (hidden): ',
  nothingSaved: 'Nothing was saved.',
  noAddress: 'No address was given. Type it, or pass it on stdin: one line, and the token in a second one.',
  added: (name: string, host: string, path: string) =>
    `Added ${name}. Its address at ${host} is stored in ${path}, readable for you only. Test it with: podkeeper channel test ${quoted(name)}`,
  addedBot: (name: string, path: string) =>
    `Added ${name}. The token of its bot is stored in ${path}, readable for you only. Pair it with: podkeeper channel pair ${quoted(name)}`,
  pairNext: (name: string) =>
    `Nobody is paired with ${name} yet, so nothing is sent to it. Pair it with: podkeeper channel pair ${quoted(name)}`,
  sendCode: (bot: string, code: string) =>
    `In Telegram, open @${bot}, press Start and send it this code: ${code}\nIt is valid for 10 minutes. Who sends it can stop your pods and keep them running. Press Ctrl+C to cancel.`,
  paired: (name: string, person: string) =>
    `Paired ${name} with ${person}. Alerts arrive with buttons while the app or podkeeper watch runs.`,
  unpaired: (name: string) => `Unpaired ${name}. Nothing that is pressed there counts anymore.`,
  buttonsOffered: (name: string, mayStop: boolean) =>
    mayStop
      ? `${name} offers the buttons Stop, Keep 4 h and Keep until tomorrow from now on.`
      : `${name} offers the buttons Keep 4 h and Keep until tomorrow from now on.`,
  replyTopic: (topic: string) =>
    `If your server asks for a token, let everyone write to the topic of the buttons, or presses can’t arrive: ${topic}`,
  removed: (name: string) => `Removed ${name} and its address.`,
  changed: (name: string) => `Changed ${name}.`,
  nothingToChange: 'Nothing to change. See podkeeper channel set --help.',
  accepted: (name: string, answer: string) => `${name}: accepted. ${answer}`,
  notAccepted: (name: string, answer: string) => `${name}: not accepted. ${answer}`,
  none: 'There are no channels. Add one with: podkeeper channel add ntfy',
  unknown: (query: string) => `There is no channel ${query}.`,
  unknownKind: (kind: string, kinds: string) => `There is no kind of alert ${kind}. Known: ${kinds}`,
  quietHours: 'Give quiet hours such as 22:00-07:00, or off.',
  timeZone: (name: string) => `There is no time zone ${name}. Give one such as Europe/Berlin.`,
  unchanged: (name: string) => `${name} has this address already. Nothing was changed.`,
  otherKind: (name: string, kind: string) =>
    `${name} is of the kind ${kind}. Remove it first, or choose another name. Nothing was saved.`,
  otherAddress: (name: string) =>
    `There is a channel ${name} with another address, or one that can’t be read here. Use --replace to give it this one. Nothing was saved.`,
  replaced: (name: string, host: string) => `${name} sends to the new address at ${host} from now on.`,
  badName: 'Give a name of 1 to 60 visible characters.',
  badValue: (why: string) => `This value can’t be used: ${why}`,
  waiting: (count: number, failure: string | null) =>
    `${count} waiting${failure === null ? '' : `: ${failure}`}`,
  unpairedState: 'waiting for pairing',
  pairedState: (person: string | null) => (person === null ? 'with buttons' : `paired with ${person}`),
  lost: (count: number) => `${count} not delivered in 7 days`,
  exceptions: (count: number) => (count === 1 ? '1 exception' : `${count} exceptions`),
  quiet: (from: string, to: string) => `quiet ${from}–${to}`,
  needsQuietHours: 'Give --quiet-hours as well: this channel has none.',
} as const

const quoted = (name: string): string => (/^[\w.-]+$/.test(name) ? name : JSON.stringify(name))
