import { randomBytes, randomInt } from 'node:crypto'
import type { Clock } from '../../core/base/time/clock'
import { fail, ok, type Result } from '../../core/base/result'
import { plainText } from '../../core/base/text/plain-text'
import { type Channel, isPhoneKind, isUnpaired } from '../../core/channels/channel'
import { channelGone } from '../../core/channels/channel-changes'
import { pairBot } from '../../core/phone/pair-bot'
import { pairingText } from '../../core/phone/pairing-text'
import type { PhoneAddress, PhoneServices } from '../../core/phone/phone-services'
import { shortName } from '../../core/pods/pod-name'
import type { ChannelStore } from './channel-store'

export interface ChannelPairingParts {
  readonly clock: Clock
  readonly store: Pick<ChannelStore, 'list' | 'addressOf' | 'pair'>
  readonly services: PhoneServices
}

/** What is shown while a bot waits for its person. */
export interface ShownPairing {
  /** The name by which the bot is found: "my_bot". */
  readonly bot: string
  /** "4829 1375". */
  readonly code: string
}

export interface ChannelPairing {
  /** The name of who was paired; null: it was canceled. The error is a sentence. */
  readonly outcome: Promise<Result<string | null, string>>
  readonly cancel: () => void
}

/** Pairs the bot of a channel with who sends the code that is shown. */
export function pairTelegram(
  channelId: string,
  { clock, store, services }: ChannelPairingParts,
  onCode: (shown: ShownPairing) => void,
): ChannelPairing {
  let isCanceled = false
  let cancel = (): void => {}

  async function run(): Promise<Result<string | null, string>> {
    const found = await answerableChannel(channelId, store)
    if (!found.ok) return found
    if (!isUnpaired(found.value.channel)) return fail(pairingText.alreadyPaired)
    const other = await otherOfBot(channelId, found.value.address, store)
    if (other !== null) return fail(pairingText.sameBot(plainText(other.name)))
    const bot = services.openBot(found.value.address)
    if (!bot.ok) return bot
    const userName = await bot.value.userName()
    if (!userName.ok) return userName
    if (isCanceled) return ok(null)
    const pairing = pairBot({
      clock,
      bot: bot.value,
      randomBelow: (limit) => randomInt(limit),
      onCode: (code) => onCode({ bot: userName.value, code }),
    })
    ;({ cancel } = pairing)
    const paired = await pairing.outcome
    if (!paired.ok || paired.value === null || isCanceled) return paired.ok ? ok(null) : paired
    const person = paired.value
    const name = plainText(person.name).trim()
    const personName = name === '' ? person.id : shortName(name, 60)
    const sinceMs = clock.now().wallMs
    const saved = await store.pair(channelId, bot.value.addressFor(person.id), { personName, sinceMs })
    if (!saved.ok) return saved
    await bot.value.greet(person.id)
    return ok(personName)
  }

  return {
    outcome: run(),
    cancel() {
      isCanceled = true
      cancel()
    },
  }
}

/** An ntfy channel before it offers buttons. */
export interface ButtonOffer {
  /** Whether a stop would be offered; null: that can't be found out now. */
  readonly mayStop: boolean | null
  /** Where the buttons publish to: phones have to be allowed to write there. */
  readonly replyTopic: string
  readonly save: () => Promise<Result<void, string>>
}

const REPLY_TOPIC_BYTES = 20

/** Finds out what the buttons of an ntfy channel could do. Nothing is saved before `save`. */
export async function prepareButtons(
  channelId: string,
  { clock, store, services }: ChannelPairingParts,
): Promise<Result<ButtonOffer, string>> {
  const found = await answerableChannel(channelId, store)
  if (!found.ok) return found
  const { channel, address } = found.value
  if (channel.phone !== null) return fail(pairingText.alreadyOffered)
  const replyTopic = `podkeeper-${randomBytes(REPLY_TOPIC_BYTES).toString('hex')}`
  const withTopic = { address: address.address, token: address.token, replyTopic }
  const opened = services.open('ntfy', withTopic)
  if (!opened.ok) return opened
  return ok({
    mayStop: await opened.value.mayStop(),
    replyTopic,
    save: () => store.pair(channelId, withTopic, { personName: null, sinceMs: clock.now().wallMs }),
  })
}

/** Two channels with one bot would take each other's messages. Null: there is none. */
async function otherOfBot(
  channelId: string,
  { token }: PhoneAddress,
  store: ChannelPairingParts['store'],
): Promise<Channel | null> {
  for (const channel of store.list()) {
    if (channel.kind !== 'telegram' || channel.id === channelId) continue
    const address = await store.addressOf(channel.id)
    if (address.ok && address.value.token === token) return channel
  }
  return null
}

async function answerableChannel(
  channelId: string,
  store: ChannelPairingParts['store'],
): Promise<Result<{ readonly channel: Channel; readonly address: PhoneAddress }, string>> {
  const channel = store.list().find(({ id }) => id === channelId)
  if (channel === undefined) return fail(channelGone)
  if (!isPhoneKind(channel.kind)) return fail(pairingText.notOfPhone)
  const address = await store.addressOf(channelId)
  return address.ok ? ok({ channel, address: address.value }) : address
}
