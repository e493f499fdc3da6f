import { expect, test } from 'vitest'
import { createPhoneRequests } from '../../../src/providers/phone/phone-request'
import { createTelegramCalls } from '../../../src/providers/phone/telegram-api'
import { createTelegramPhone } from '../../../src/providers/phone/telegram-phone'
import { phoneOffer, phoneSay } from '../../harness/phone/phone-offer'
import { BOT_TOKEN, startTelegram } from '../../harness/phone/telegram-server'

const call = createTelegramCalls(createPhoneRequests({ version: '1.0', proxyEnvironment: {} }))
const anna = { id: 7, is_bot: false, first_name: 'Anna' }
const chat = { id: 7, type: 'private' }
const pressed = (data: string, over: object = {}) => ({
  callback_query: { id: '99', from: anna, message: { message_id: 5, chat }, data, ...over },
})
const said = (text: string, over: object = {}) => ({
  message: { message_id: 6, from: anna, chat, text, ...over },
})
/** `pollS`: longer than any test, so that only what arrives ends a poll. */
async function scene(token = BOT_TOKEN, pollS = 60) {
  const telegram = await startTelegram()
  const phone = createTelegramPhone(call, { origin: telegram.origin, token }, '7', { pollS })
  return { telegram, phone, poll: async (cursor: string | null) => await phone.poll(cursor).outcome }
}

test('what waits arrives, comes again until it is confirmed, and not after that', async () => {
  const { telegram, poll } = await scene(BOT_TOKEN, 0.2)
  const number = telegram.receive(pressed('offer-1:stop'))
  telegram.receive(said('/status'))
  const first = await poll(null)
  expect(first).toEqual({
    ok: true,
    updates: [
      {
        id: String(number),
        kind: 'press',
        offerId: 'offer-1',
        verb: 'stop',
        from: { id: '7', name: 'Anna' },
        isPrivate: true,
        callbackId: '99',
        messageId: '5',
        agoMs: null,
      },
      {
        id: String(number + 1),
        kind: 'text',
        from: { id: '7', name: 'Anna' },
        isPrivate: true,
        text: '/status',
      },
    ],
    cursor: String(number + 2),
    isFull: false,
  })
  // Podkeeper ended before it wrote that down.
  expect(await poll(null)).toEqual(first)
  expect(telegram.unconfirmed()).toEqual([number, number + 1])
  expect(await poll(String(number + 2))).toEqual({
    ok: true,
    updates: [],
    cursor: String(number + 2),
    isFull: false,
  })
  expect(telegram.unconfirmed()).toEqual([])
})

test('an update that arrives during a poll ends it, and one whose reply is lost comes with the next', async () => {
  const { telegram, phone, poll } = await scene()
  const open = phone.poll(null)
  await expect.poll(() => telegram.calls.length).toBe(1)
  telegram.dropsReplyTo = 'getUpdates'
  telegram.receive(pressed('offer-1:undo'))
  expect(await open.outcome).toMatchObject({ ok: false, isBroken: false })
  expect(await poll(null)).toMatchObject({ ok: true, updates: [{ kind: 'press', verb: 'undo' }] })
})

test('what others write is told from what the paired person writes in private', async () => {
  const { telegram, poll } = await scene()
  const group = { id: -100, type: 'supergroup' }
  telegram.receive(pressed('offer-1:stop', { message: { message_id: 5, chat: group } }))
  telegram.receive(said('/status', { from: { id: 8, first_name: 'Eve' }, chat: { id: 8, type: 'private' } }))
  // A chat that says it is private and is another's.
  telegram.receive(said('/status', { from: { id: 8, first_name: 'Eve' } }))
  telegram.receive(said('/status', { from: { ...anna, is_bot: true } }))
  const outcome = await poll(null)
  expect(outcome.ok && outcome.updates).toMatchObject([
    { kind: 'press', isPrivate: false },
    { kind: 'text', isPrivate: true, from: { id: '8' } },
    { kind: 'text', isPrivate: false, from: { id: '8' } },
    { kind: 'text', isPrivate: false },
  ])
})

test('updates that are none of ours, or broken, are passed and confirmed', async () => {
  const { telegram, poll } = await scene()
  telegram.receive({ edited_message: { text: 'x' } })
  telegram.receive(pressed('offer-1:terminate'))
  telegram.receive(pressed('x'.repeat(65)))
  telegram.receive({ message: { text: 7 } })
  const last = telegram.receive(said('a'.repeat(4_000)))
  const outcome = await poll(null)
  expect(outcome).toMatchObject({ ok: true, cursor: String(last + 1) })
  expect(outcome.ok && outcome.updates.map(({ kind }) => kind)).toEqual([
    'other',
    'other',
    'other',
    'other',
    'text',
  ])
})

test('a message goes out with its buttons, Stop alone in its row', async () => {
  const { telegram, phone } = await scene()
  expect(await phone.say(phoneSay({ answers: '5' }), phoneOffer())).toBe('accepted')
  expect(telegram.calls).toEqual([
    {
      method: 'sendMessage',
      parameters: {
        chat_id: '7',
        text: 'llama is idle.',
        link_preview_options: { is_disabled: true },
        reply_markup: {
          inline_keyboard: [
            [{ text: 'Stop', callback_data: 'offer-1:stop' }],
            [{ text: 'Keep 4 h', callback_data: 'offer-1:keep-4h' }],
          ],
        },
        reply_parameters: { message_id: 5, allow_sending_without_reply: true },
      },
    },
  ])
  telegram.dropsReplyTo = 'sendMessage'
  expect(await phone.say(phoneSay(), null)).toBe('failed')
  expect(await phone.say(phoneSay({ text: 'x'.repeat(5_000) }), null)).toBe('rejected')
})

test('each failure says whose it is and when to go on, and never has the token', async () => {
  const wrong = await scene('1:wrong')
  expect(await wrong.poll(null)).toMatchObject({
    ok: false,
    isBroken: true,
    error: 'Telegram refuses the bot’s token.',
  })
  const { telegram, phone, poll } = await scene()
  telegram.floodS = 7
  expect(await poll(null)).toMatchObject({ ok: false, isBroken: false, retryAfterMs: 7_000 })
  const first = phone.poll(null)
  await expect.poll(() => telegram.calls.length).toBe(2)
  const second = poll(null)
  expect(await first.outcome).toMatchObject({
    ok: false,
    retryAfterMs: 30_000,
    error: expect.stringMatching(/^Another program reads this bot’s messages/) as string,
  })
  telegram.receive(said('/status'))
  expect(await second).toMatchObject({ ok: true })
  for (const page of [
    '<html>Sign in to the hotel’s Wi-Fi</html>',
    '{"ok":true}',
    '{"ok":true,"result":"no"}',
  ]) {
    telegram.middlebox = page
    const outcome = await poll('5')
    expect(outcome).toMatchObject({ ok: false, isBroken: false })
    expect(JSON.stringify(outcome)).not.toContain(BOT_TOKEN)
  }
})

test('a canceled poll ends at once', async () => {
  const { telegram, phone } = await scene()
  const open = phone.poll(null)
  await expect.poll(() => telegram.calls.length).toBe(1)
  open.cancel()
  expect(await open.outcome).toMatchObject({ ok: false })
})
