import { plainText } from '../../../core/base/text/plain-text'
import type { Channel } from '../../../core/channels/channel'
import { noStopText } from '../../../core/channels/outbox/channel-text'
import { pairingText } from '../../../core/phone/pairing-text'
import type { ChannelStore } from '../../../node/channels/channel-store'
import { type ChannelPairingParts, pairTelegram, prepareButtons } from '../../../node/channels/pair-channel'
import type { CommandRun } from '../../output/command-run'
import { CliExit, exitCodes } from '../../output/exit'
import { createInterrupts } from '../../output/terminal'
import { JSON_VERSION } from '../../output/json'
import { channelText } from './channel-text'

export interface PairCommandOptions
  extends ChannelPairingParts, Pick<CommandRun, 'isJson' | 'output' | 'keyboard' | 'onSignal'> {
  readonly store: ChannelStore
}

/** Shows the code of a bot in the terminal, and waits for who sends it; ntfy gets buttons. Returns the exit code. */
export async function pairChannel(channel: Channel, options: PairCommandOptions): Promise<number> {
  return channel.kind === 'ntfy' ? offerButtons(channel, options) : pairBot(channel, options)
}

async function pairBot(channel: Channel, options: PairCommandOptions): Promise<number> {
  const { output, onSignal, keyboard, isJson } = options
  const pairing = pairTelegram(channel.id, options, ({ bot, code }) =>
    output.progress(channelText.sendCode(bot, code)),
  )
  let exitCode: number | null = null
  const stopListening = createInterrupts(onSignal, keyboard, '').listen((code) => {
    exitCode = code ?? exitCodes.interrupted
    pairing.cancel()
  })
  const paired = await pairing.outcome.finally(stopListening)
  if (!paired.ok) throw new CliExit(exitCodes.failed, paired.error)
  if (paired.value === null) throw new CliExit(exitCode ?? exitCodes.interrupted, channelText.nothingSaved)
  if (isJson) output.result(JSON.stringify({ version: JSON_VERSION, person: paired.value }, null, 2))
  else output.result(plainText(channelText.paired(channel.name, paired.value)))
  return exitCodes.ok
}

async function offerButtons(channel: Channel, options: PairCommandOptions): Promise<number> {
  const { output, isJson } = options
  const prepared = await prepareButtons(channel.id, options)
  const saved = prepared.ok ? await prepared.value.save() : prepared
  if (!prepared.ok || !saved.ok) throw new CliExit(exitCodes.failed, saved.ok ? '' : saved.error)
  const { mayStop, replyTopic } = prepared.value
  if (isJson) {
    const result = { version: JSON_VERSION, stop: mayStop, replyTopic }
    output.result(JSON.stringify(result, null, 2))
    return exitCodes.ok
  }
  output.result(plainText(channelText.buttonsOffered(channel.name, mayStop === true)))
  if (mayStop !== true) output.result(noStopText(mayStop === null ? null : false, channel.host))
  output.result(channelText.replyTopic(replyTopic))
  return exitCodes.ok
}

export function unpairChannel(channel: Channel, { store, output, isJson }: PairCommandOptions): number {
  if (channel.phone === null) throw new CliExit(exitCodes.failed, pairingText.notPaired)
  const unpaired = store.unpair(channel.id)
  if (!unpaired.ok) throw new CliExit(exitCodes.failed, unpaired.error)
  if (isJson) output.result(JSON.stringify({ version: JSON_VERSION, done: true }, null, 2))
  else output.result(plainText(channelText.unpaired(channel.name)))
  return exitCodes.ok
}
