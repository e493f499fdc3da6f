import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { MINUTE_MS } from '../../../src/core/base/time/time'
import { pairTelegram, type ShownPairing } from '../../../src/node/channels/pair-channel'
import { createPhoneHost } from '../../harness/phone/phone-host'
import { BOT_NAME, BOT_TOKEN, startTelegram } from '../../harness/phone/telegram-server'

/** A bot that nobody is paired with, and a pairing of it. */
async function openScene(token = BOT_TOKEN) {
  const telegram = await startTelegram()
  const scene = createPhoneHost()
  const channelId = await scene.addChannel('telegram', { address: `${telegram.origin}/`, token })
  const shown: ShownPairing[] = []
  const pair = () => pairTelegram(channelId, scene, (one) => shown.push(one))
  return {
    ...scene,
    telegram,
    channelId,
    shown,
    pair,
    /** The code that the window shows, as digits. */
    code: async () => (await scene.until('the code', () => shown[0])).code.replace(' ', ''),
    write: (
      text: string,
      from: object = { id: 7, is_bot: false, first_name: 'Anna\u202e' },
      type = 'private',
    ) =>
      telegram.receive({
        message: { message_id: 6, from, chat: { id: (from as { id: number }).id, type }, text },
      }),
    stored: () => scene.store.list()[0]?.phone ?? null,
  }
}

test('who sends the code in private is paired, and nobody else: not one in a group, no bot, none with an earlier code', async () => {
  const scene = await openScene()
  // What was written before the code was shown is none.
  for (let each = 0; each < 6; each += 1) scene.write('12345678')
  const pairing = scene.pair()
  const code = await scene.code()
  expect(scene.shown).toEqual([{ bot: BOT_NAME, code: expect.stringMatching(/^\d{4} \d{4}$/) }])
  const eve = { id: 8, is_bot: false, first_name: 'Eve' }
  scene.write(code, eve, 'supergroup')
  scene.write(code, { ...eve, is_bot: true })
  scene.write('00000000', eve)
  scene.write(`/start ${code}`)
  expect(await pairing.outcome).toEqual({ ok: true, value: 'Anna' })
  expect(scene.stored()).toMatchObject({ personName: 'Anna' })
  expect(await scene.store.addressOf(scene.channelId)).toMatchObject({
    value: { address: `${scene.telegram.origin}/7`, token: BOT_TOKEN },
  })
  // The code is taken, and its person told so.
  expect(scene.telegram.unconfirmed()).toEqual([])
  expect(scene.telegram.messages()).toMatchObject([
    { text: expect.stringContaining('Podkeeper listens to you') },
  ])
  expect(readFileSync(join(scene.folder, 'channels.json'), 'utf8')).not.toContain(BOT_TOKEN)
  expect(await scene.pair().outcome).toMatchObject({
    ok: false,
    error: expect.stringContaining('Unpair it first'),
  })
  // A second channel of the same bot would take its messages away.
  const second = await scene.store.add('telegram', 'Second', '127.0.0.1', {
    address: `${scene.telegram.origin}/`,
    token: BOT_TOKEN,
  })
  const refused = pairTelegram(second.ok ? second.value.id : '', scene, () => {})
  expect(await refused.outcome).toMatchObject({
    error: expect.stringContaining('telegram uses this bot already'),
  })
})

test('five other codes end a pairing, ten minutes do, and so does who asked for it; then nobody is paired', async () => {
  const scene = await openScene()
  const guessed = scene.pair()
  const code = await scene.code()
  for (let each = 0; each < 5; each += 1) scene.write(code === '11111111' ? '22222222' : '11111111')
  scene.write(code)
  expect(await guessed.outcome).toMatchObject({
    ok: false,
    error: expect.stringContaining('five other codes'),
  })

  const slow = scene.pair()
  await scene.until('another code', () => scene.shown.length > 1)
  await scene.pass(10 * MINUTE_MS)
  expect(await slow.outcome).toMatchObject({ ok: false, error: expect.stringContaining('10 minutes') })

  const canceled = scene.pair()
  await scene.until('another code', () => scene.shown.length > 2)
  canceled.cancel()
  scene.write(scene.shown[2]!.code)
  expect(await canceled.outcome).toEqual({ ok: true, value: null })
  expect(scene.stored()).toBeNull()
})

test('a token that is refused, and a service that is away, say so before a code is shown', async () => {
  const refused = await openScene(`${BOT_TOKEN}x`)
  expect(await refused.pair().outcome).toEqual({ ok: false, error: 'Telegram refuses the bot’s token.' })
  const away = await openScene()
  away.telegram.middlebox = '<html>Sign in</html>'
  expect(await away.pair().outcome).toMatchObject({
    ok: false,
    error: expect.stringContaining('not as Telegram does'),
  })
  expect([refused.shown, away.shown]).toEqual([[], []])
})
