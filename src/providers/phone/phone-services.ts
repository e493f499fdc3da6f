import { isObject } from '../../core/base/parse-json'
import { fail, ok, type Result } from '../../core/base/result'
import type { ChannelKind } from '../../core/channels/channel'
import { pairingText } from '../../core/phone/pairing-text'
import type { PhoneAddress, PhoneServices, UnpairedBot } from '../../core/phone/phone-services'
import { botTokenProblem, parseChannelTarget, parseSecretAddress } from '../channels/channel-target'
import type { HostRule } from '../http/base-url'
import { areTopicsProtected, createNtfyPhone } from './ntfy-phone'
import { createPhoneRequests, type PhoneRequestOptions } from './phone-request'
import { createTelegramCalls, type TelegramBot } from './telegram-api'
import { createTelegramPhone, pollTelegram } from './telegram-phone'

export interface PhoneServicesOptions extends PhoneRequestOptions {
  readonly hosts?: HostRule
  /** Where new bots are looked for. Only tests have another one than Telegram's own. */
  readonly telegramOrigin?: string | undefined
}

const TELEGRAM = 'https://api.telegram.org'

export function createPhoneServices(options: PhoneServicesOptions): PhoneServices {
  const { hosts = 'any', telegramOrigin = TELEGRAM } = options
  const send = createPhoneRequests(options)
  const call = createTelegramCalls(send)

  function botOf({ address, token }: PhoneAddress): Result<TelegramBot, string> {
    const url = parseSecretAddress(address, hosts)
    if (!url.ok) return url
    const problem = botTokenProblem(token ?? '')
    return problem === null ? ok({ origin: url.value.origin, token: token ?? '' }) : fail(problem)
  }

  function openTelegram(entered: PhoneAddress): ReturnType<PhoneServices['open']> {
    const target = parseChannelTarget('telegram', entered.address, entered.token, hosts)
    const bot = botOf(entered)
    if (!target.ok) return target
    if (!bot.ok) return bot
    const { topic: chatId } = target.value
    // A private chat has the id of its person.
    return ok({
      service: createTelegramPhone(call, bot.value, chatId),
      personId: chatId,
      mayStop: async () => true,
    })
  }

  function openNtfy({ address, token, replyTopic }: PhoneAddress): ReturnType<PhoneServices['open']> {
    const target = parseChannelTarget('ntfy', address, token, hosts)
    if (!target.ok) return target
    if (replyTopic == null) return fail(pairingText.notPaired)
    const { url, topic } = target.value
    const phone = { origin: new URL(url).origin, topic, replyTopic, token }
    return ok({
      service: createNtfyPhone(send, phone),
      personId: null,
      mayStop: () => areTopicsProtected(send, phone),
    })
  }

  function unpairedBot(bot: TelegramBot): UnpairedBot {
    const addressFor = (personId: string): PhoneAddress => ({
      address: `${bot.origin}/${personId}`,
      token: bot.token,
    })
    return {
      poll: (cursor) => createTelegramPhone(call, bot, '').poll(cursor),
      readWaiting: (cursor) => pollTelegram(call, bot, cursor, { pollS: 0 }),
      async userName() {
        const me = await call(bot, 'getMe', {})
        if (me.kind === 'failed') return fail(me.error)
        const name = isObject(me.result) ? me.result['username'] : null
        return typeof name === 'string' && /^\w{1,64}$/.test(name) ? ok(name) : fail(NO_BOT)
      },
      addressFor,
      async greet(personId) {
        const greeting = {
          id: 'greeting',
          text: pairingText.greeting,
          offerId: null,
          answers: null,
          madeAtMs: 0,
        }
        await createTelegramPhone(call, bot, personId).say(greeting, null)
      },
    }
  }

  return {
    open: (kind: ChannelKind, address) =>
      kind === 'telegram'
        ? openTelegram(address)
        : kind === 'ntfy'
          ? openNtfy(address)
          : fail(pairingText.notOfPhone),
    openBot(address) {
      const bot = botOf(address)
      return bot.ok ? ok(unpairedBot(bot.value)) : bot
    },
    newBot(token) {
      const address = { address: `${telegramOrigin}/`, token: token.trim() }
      const bot = botOf(address)
      return bot.ok ? ok({ ...address, host: new URL(telegramOrigin).host }) : bot
    },
  }
}

const NO_BOT = 'Telegram’s answer can’t be read.'
