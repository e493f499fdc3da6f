/* What the channel commands say. */
export const channelText = {
  askAddress: {
    ntfy: 'Address of the topic, such as https://ntfy.sh/my-topic (hidden): ',
    slack: 'Address of the incoming webhook (hidden): ',
    discord: 'Address of the webhook (hidden): ',
    webhook: 'Address of the webhook (hidden): ',
  },
  askToken: 'Access token, or Enter for none (hidden): ',
  nothingSaved: 'Nothing was saved.',
  noAddress: 'No address was given. Type it, or pass it on stdin: one line, and the token in a second one.',
  added: (name: string, host: string, path: string) =>
    `Added ${name}. Its address at ${host} is stored in ${path}, readable for you only. Test it with: podkeeper channel test ${quoted(name)}`,
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
  needsQuietHours: 'Give --quiet-hours as well: this channel has none.',
} as const

const quoted = (name: string): string => (/^[\w.-]+$/.test(name) ? name : JSON.stringify(name))
