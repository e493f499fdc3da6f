import { Argument, type Command, InvalidArgumentError, Option } from 'commander'
import {
  type ChannelKind,
  channelKinds,
  channelRoutes,
  MAX_GROUP_MINUTES,
  MAX_PER_HOUR,
} from '../../core/channels/channel'
import type { ChannelCommand, ChannelRouteChoice, ChannelSetChoices } from '../commands/channel/channel'
import type { Commands, GlobalOptions } from './command-types'

const ADD_HELP = `
The address is asked for, or read from stdin, where a second line is an access token. It is never an argument, and is saved
in the data folder, where only you can read it. ntfy takes the address of a topic, Slack and Discord that of a
webhook, and webhook any address that takes the webhooks of Alertmanager (version 4). Telegram takes the token of a
bot of its own, from @BotFather, and is then paired.

Examples:
  podkeeper channel add ntfy --name Phone
  podkeeper channel add slack < webhook-address.txt`

const PAIR_HELP = `
For Telegram it shows a code, and pairs the bot with the person who sends it that code within 10 minutes, and nobody else.
That person can stop a pod, keep it running, ask for the status and undo. For ntfy, alerts get buttons that keep a pod
running; they also stop one where the server refuses the topic without a token.

Example:
  podkeeper channel pair Telegram`

const ROUTE_HELP = `
Routes: always, critical (only critical alerts), locked (only while this computer is locked, or where that is not known),
never. With kinds of alerts, the route is for these only; default removes it.

Examples:
  podkeeper channel route Phone critical
  podkeeper channel route Phone never idle pod-ready`

const SET_HELP = `
In quiet hours only critical alerts are sent. With --hold-critical these wait, too: an automatic stop that needs such a
warning then waits with it.

Examples:
  podkeeper channel set Phone --quiet-hours 22:00-07:00 --time-zone Europe/Berlin
  podkeeper channel set Team --group 10 --max-per-hour 6`

const whole =
  (min: number, max: number) =>
  (text: string): number => {
    if (/^\d{1,4}$/.test(text) && Number(text) >= min && Number(text) <= max) return Number(text)
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`)
  }

/** The commands about channels: where alerts go besides this computer. */
export function addChannels(
  program: Command,
  commands: Pick<Commands, 'channel'>,
  exit: (code: number) => void,
): void {
  const channel = program
    .command('channel')
    .description('alerts on the phone and in chat: ntfy, Telegram, Slack, Discord, webhooks')

  const run = async (request: ChannelCommand, command: Command): Promise<void> =>
    exit(await commands.channel(request, command.optsWithGlobals<GlobalOptions & { json?: true }>()))

  channel
    .command('add')
    .description('add a channel')
    .addArgument(new Argument('<service>', 'kind of service').choices(channelKinds))
    .option('--name <name>', 'name (default: that of the service)')
    .option('--replace', 'give a channel of this name the address')
    .option('--json', 'print JSON')
    .addHelpText('after', ADD_HELP)
    .action(
      async (kind: ChannelKind, { name, replace }: { name?: string; replace?: true }, command: Command) =>
        run({ verb: 'add', kind, name: name ?? null, isReplaced: replace }, command),
    )

  channel
    .command('list')
    .description('show the channels and what waits for them')
    .option('--json', 'print JSON')
    .action(async (_options: unknown, command: Command) => run({ verb: 'list' }, command))

  for (const verb of ['test', 'remove'] as const)
    channel
      .command(verb)
      .description(
        verb === 'test'
          ? 'send a test message and print the answer'
          : 'remove a channel and its address; what waits for it is not sent',
      )
      .argument('<channel>', 'channel name or id')
      .option('--json', 'print JSON')
      .action(async (name: string, _options: unknown, command: Command) =>
        run({ verb, channel: name }, command),
      )

  for (const verb of ['pair', 'unpair'] as const)
    channel
      .command(verb)
      .description(
        verb === 'pair'
          ? 'let a person stop and keep pods from Telegram, or offer buttons in ntfy'
          : 'end that; Telegram then gets no alerts',
      )
      .argument('<channel>', 'channel name or id')
      .option('--json', 'print JSON')
      .addHelpText('after', verb === 'pair' ? PAIR_HELP : '')
      .action(async (name: string, _options: unknown, command: Command) =>
        run({ verb, channel: name }, command),
      )

  channel
    .command('route')
    .description('choose which alerts go to a channel')
    .argument('<channel>', 'channel name or id')
    .addArgument(new Argument('<route>', 'which alerts').choices([...channelRoutes, 'default']))
    .argument('[kinds...]', 'kinds of alerts, such as auto-stop-soon (default: all others)')
    .option('--json', 'print JSON')
    .addHelpText('after', ROUTE_HELP)
    .action(
      async (name: string, route: ChannelRouteChoice, kinds: string[], _options: unknown, command: Command) =>
        run({ verb: 'route', channel: name, route, kinds }, command),
    )

  channel
    .command('set')
    .description('change the name, quiet hours, grouping or limits of a channel')
    .argument('<channel>', 'channel name or id')
    .option('--name <name>', 'new name')
    .addOption(new Option('--on', 'send alerts').conflicts('off'))
    .option('--off', 'send nothing; what waits is dropped')
    .option('--quiet-hours <hours>', 'such as 22:00-07:00, or off')
    .option('--time-zone <name>', 'time zone of the quiet hours, such as Europe/Berlin (default: local)')
    .option('--hold-critical', 'hold critical alerts in quiet hours, too')
    .option('--no-hold-critical', 'send critical alerts in quiet hours')
    .option(
      '--group <minutes>',
      'collect alerts that are not critical for this long',
      whole(0, MAX_GROUP_MINUTES),
    )
    .option(
      '--max-per-hour <number>',
      'at most this many messages per hour, critical alerts aside',
      whole(1, MAX_PER_HOUR),
    )
    .option('--json', 'print JSON')
    .addHelpText('after', SET_HELP)
    .action(async (name: string, choices: ChannelSetChoices, command: Command) => {
      // Without either option commander says true.
      const isGiven = command.getOptionValueSource('holdCritical') === 'cli'
      const { holdCritical, ...others } = choices
      return run(
        {
          verb: 'set',
          channel: name,
          choices: { ...others, ...(isGiven && holdCritical !== undefined && { holdCritical }) },
        },
        command,
      )
    })
}
