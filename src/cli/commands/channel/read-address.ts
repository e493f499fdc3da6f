import type { ChannelKind } from '../../../core/channels/channel'
import type { PhoneServices } from '../../../core/phone/phone-services'
import type { ChannelAddress } from '../../../node/channels/channel-store'
import { hostOfTarget, parseChannelTarget } from '../../../providers/channels/channel-target'
import type { CliProcess } from '../../output/cli-process'
import type { CommandRun } from '../../output/command-run'
import { CliExit, exitCodes } from '../../output/exit'
import { promptHidden, readLines } from '../../output/prompt-hidden'
import { channelText } from './channel-text'

export interface ReadAddressOptions extends Pick<CommandRun, 'keyboard'> {
  readonly stdin: CliProcess['stdin']
  readonly prompt: (text: string) => void
  readonly services: PhoneServices
}

const MAX_INPUT_CHARS = 5_000

/** Asks for the address of a channel, and checks it. A bot is asked for its name, so that a token that is refused is not kept. */
export async function enteredAddress(
  kind: ChannelKind,
  options: ReadAddressOptions,
): Promise<{ readonly host: string; readonly address: ChannelAddress }> {
  const entered = await readAddress(kind, options)
  const refused = (error: string, code: number = exitCodes.usage): CliExit =>
    new CliExit(code, `${error} ${channelText.nothingSaved}`)
  if (kind !== 'telegram') {
    const target = parseChannelTarget(kind, entered.address, entered.token)
    if (!target.ok) throw refused(target.error)
    return { host: hostOfTarget(target.value), address: entered }
  }
  const made = options.services.newBot(entered.address)
  if (!made.ok) throw refused(made.error)
  const { host, ...address } = made.value
  const bot = options.services.openBot(address)
  const name = bot.ok ? await bot.value.userName() : bot
  if (!name.ok) throw refused(name.error, exitCodes.failed)
  return { host, address }
}

async function readAddress(
  kind: ChannelKind,
  { keyboard, stdin, prompt }: ReadAddressOptions,
): Promise<ChannelAddress> {
  const hasToken = kind === 'ntfy' || kind === 'webhook'
  const ask = (question: string): Promise<string> =>
    keyboard === null
      ? Promise.resolve('')
      : promptHidden(keyboard, { question, canceled: channelText.nothingSaved, prompt })
  const lines =
    keyboard === null
      ? await readLines(stdin, MAX_INPUT_CHARS)
      : [await ask(channelText.askAddress[kind]), hasToken ? await ask(channelText.askToken) : '']
  const [address = '', token = ''] = lines.map((line) => line.trim())
  if (address === '') throw new CliExit(exitCodes.usage, channelText.noAddress)
  return { address, token: hasToken && token !== '' ? token : null }
}
