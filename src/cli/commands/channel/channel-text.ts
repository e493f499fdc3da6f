/* What the channel commands say. */
export const channelText = {
  askAddress: {
    ntfy: 'Address of the topic, such as https://ntfy.sh/my-topic (hidden): ',
    slack: 'Address of the incoming webhook (hidden): ',
    discord: 'Address of the webhook (hidden): ',
    webhook: 'Address of the webhook (hidden): ',
  },
  askToken: 'Access token, or Enter for none (hidden): ',
  badName: 'Use 1 to 60 visible characters for the name.',
  badValue: (why: string) => `This value can’t be used: ${why}`,
  noAddress: 'No address was given. Type it, or pass it on stdin: one line, and the token in a second one.',
  added: (name: string, host: string, path: string) =>
    `Added ${name}. Its address at ${host} is stored in ${path}, which only you can read. To test it, run podkeeper channel test ${quoted(name)}`,
  removed: (name: string) => `Removed ${name} and its address.`,
  changed: (name: string) => `Changed ${name}.`,
  nothingToChange: 'Nothing to change. See podkeeper channel set --help.',
  accepted: (name: string, answer: string) => `${name}: accepted. ${answer}`,
  notAccepted: (name: string, answer: string) => `${name}: not accepted. ${answer}`,
  none: 'There are no channels. To add one, run podkeeper channel add ntfy',
  unknown: (query: string) => `There is no channel ${query}.`,
  unknownKind: (kind: string, kinds: string) => `There is no kind of alert ${kind}. Known: ${kinds}`,
  quietHours: 'Quiet hours must be a time span such as 22:00-07:00, or off.',
  timeZone: (name: string) => `There is no time zone ${name}. Use one such as Europe/Berlin.`,
  needsQuietHours: 'Add --quiet-hours: this channel has none.',
} as const

/** Of a channel in the list. */
export const channelLineText = {
  waiting: (count: number, failure: string | null) =>
    `${count} waiting${failure === null ? '' : `: ${failure}`}`,
  lost: (count: number) => `${count} not delivered in 7 days`,
  exceptions: (count: number) => (count === 1 ? '1 exception' : `${count} exceptions`),
  quiet: (from: string | null, to: string | null) => `quiet ${from ?? ''}–${to ?? ''}`,
} as const

const quoted = (name: string): string => (/^[\w.-]+$/.test(name) ? name : JSON.stringify(name))
