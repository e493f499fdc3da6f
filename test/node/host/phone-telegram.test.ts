import { join } from 'node:path'
import { expect, test } from 'vitest'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import { createFolderLock } from '../../../src/node/data-folder/lock/folder-lock'
import { createPhoneHost } from '../../harness/phone/phone-host'
import { BOT_TOKEN, type SeenPhoneMessage, startTelegram } from '../../harness/phone/telegram-server'

const anna = { id: 7, is_bot: false, first_name: 'Anna' }
const eve = { id: 8, is_bot: false, first_name: 'Eve' }
const privateChat = ({ id }: typeof anna) => ({ id, type: 'private' })

/** A program whose bot is paired with Anna, and the bot's service. */
async function openScene() {
  const telegram = await startTelegram()
  const scene = createPhoneHost()
  const channelId = await scene.pairedBot(telegram.origin, BOT_TOKEN)
  const message = (text: string | RegExp, after = 0): SeenPhoneMessage | undefined =>
    telegram
      .messages()
      .slice(after)
      .find((one) => (typeof text === 'string' ? one.text.includes(text) : text.test(one.text)))
  return {
    ...scene,
    telegram,
    channelId,
    press(data: string | undefined, from = anna, chat: object = privateChat(from)): void {
      telegram.receive({ callback_query: { id: '99', from, message: { message_id: 5, chat }, data } })
    },
    write: (text: string, from = anna, chat: object = privateChat(from)) =>
      telegram.receive({ message: { message_id: 6, from, chat, text } }),
    message: (text: string | RegExp, after = 0) =>
      scene.until(`the message ${String(text)}`, () => message(text, after)),
    /** A poll that is answered now, as each is within a minute, so that what comes next was just pressed. */
    async present(): Promise<void> {
      for (let polls = 0; polls < 2; polls += 1) {
        await scene.until('a poll', telegram.isPolled)
        telegram.endPoll()
      }
      await scene.until('a poll', telegram.isPolled)
    },
    /** The alert about the idle pod, once it arrived. */
    idleAlert: () => scene.until('the alert', () => message(/llama has been idle/), 5_000),
  }
}

test('a pod is stopped from the alert on the phone, once, by its person alone, and the reply says what was seen', async () => {
  const scene = await openScene()
  await scene.start()
  const alert = await scene.idleAlert()
  expect(Object.keys(alert.buttons)).toEqual(['Stop', 'Keep 4 h', 'Keep until tomorrow'])
  await scene.present()
  // A second person, in a chat of her own and in a group.
  const group = { id: -100, type: 'supergroup' }
  scene.press(alert.buttons['Stop'], eve)
  scene.press(alert.buttons['Stop'], eve, group)
  scene.press(alert.buttons['Stop'], anna, group)
  scene.write('/status', eve)
  await scene.present()
  await scene.pass(2 * MINUTE_MS)
  scene.expectNoStop()

  await scene.present()
  scene.press(alert.buttons['Stop'])
  const reply = await scene.message('llama will be stopped in 60 s.')
  expect(Object.keys(reply.buttons)).toEqual(['Undo'])
  scene.expectNoStop()
  scene.press(alert.buttons['Stop'])
  await scene.message(/^llama stopped, seen at/)
  expect(scene.stops()).toBe(1)
  const log = scene.log()
  expect(log).toContain('The alert channel telegram (Telegram, 127.0.0.1) is paired with Anna from now on.')
  expect(log).toContain('telegram: Anna pressed Stop for llama.')
  expect(log.filter((text) => text.includes('ignored'))).toEqual([
    expect.stringMatching(/^telegram: \d messages? (was|were) ignored/),
  ])
  expect(log.filter((text) => text.includes('Anna pressed Stop'))).toHaveLength(1)
})

test('Undo within 60 s takes a stop back, and says so', async () => {
  const scene = await openScene()
  await scene.start()
  const alert = await scene.idleAlert()
  await scene.present()
  scene.press(alert.buttons['Stop'])
  const { buttons } = await scene.message('will be stopped in 60 s')
  await scene.pass(40 * SECOND_MS)
  scene.press(buttons['Undo'])
  await scene.message('Undone. llama is not stopped.')
  await scene.pass(3 * MINUTE_MS)
  scene.expectNoStop()
  expect(scene.log()).toContain('telegram: Anna pressed Undo for llama.')
})

test('a press of nine hours ago, while nothing ran, asks again with what the pod does now; a yes is enough', async () => {
  const scene = await openScene()
  await scene.start()
  const alert = await scene.idleAlert()
  await scene.present()
  scene.end()
  scene.press(alert.buttons['Stop'])
  const before = scene.telegram.messages().length
  await scene.restart(9 * HOUR_MS)
  const question = await scene.message('You pressed Stop while I was away. llama is', before)
  await scene.pass(2 * MINUTE_MS)
  scene.expectNoStop()
  await scene.present()
  scene.press(question.buttons['Stop now'])
  await scene.message(/^llama stopped, seen at/)
  expect(scene.stops()).toBe(1)
})

test('a program that ends within the undo time neither stops the pod in silence nor forgets what was asked', async () => {
  const scene = await openScene()
  await scene.start()
  const alert = await scene.idleAlert()
  await scene.present()
  scene.press(alert.buttons['Stop'])
  await scene.message('will be stopped in 60 s')
  const before = scene.telegram.messages().length
  await scene.restart(10 * MINUTE_MS)
  const question = await scene.message(/Stop llama now\?/, before)
  scene.expectNoStop()
  await scene.present()
  scene.press(question.buttons['Stop now'])
  await scene.message(/^llama stopped, seen at/)
  expect(scene.stops()).toBe(1)
})

test('replies that are lost on their way repeat messages, and do nothing twice', async () => {
  const scene = await openScene()
  await scene.start()
  scene.telegram.dropsReplyTo = 'sendMessage'
  const alert = await scene.idleAlert()
  await scene.until(
    'the alert again',
    () => scene.telegram.messages().filter(({ text }) => /idle/.test(text)).length > 1,
    1_000,
  )
  const again = scene.telegram.messages().at(-1)
  expect(again?.buttons).toEqual(alert.buttons)
  await scene.present()
  scene.telegram.dropsReplyTo = 'getUpdates'
  scene.press(alert.buttons['Keep 4 h'])
  await scene.message('llama is kept running until')
  scene.press(again?.buttons['Stop'])
  await scene.pass(3 * MINUTE_MS)
  scene.expectNoStop()
  expect(scene.log().filter((text) => text.includes('pressed Keep 4 h'))).toHaveLength(1)
})

test('a channel that is turned off, unpaired or removed is listened to no more', async () => {
  const scene = await openScene()
  await scene.start()
  const alert = await scene.idleAlert()
  await scene.present()
  const { channels } = scene.host()
  scene.store.change(scene.channelId, { isOn: false })
  channels.refresh()
  await scene.until('no poll', () => !scene.telegram.isPolled())
  scene.press(alert.buttons['Stop'])
  await scene.pass(3 * MINUTE_MS)
  expect(scene.telegram.unconfirmed()).toHaveLength(1)
  scene.store.change(scene.channelId, { isOn: true })
  channels.refresh()
  await scene.message('You pressed Stop while I was away')
  scene.store.unpair(scene.channelId)
  channels.refresh()
  await scene.until('no poll', () => !scene.telegram.isPolled())
  expect(channels.view().channels[0]).toMatchObject({ phone: null, phoneStatus: null })
  expect(scene.log()).toContain('The alert channel telegram (Telegram, 127.0.0.1) is no longer paired.')
  expect(await channels.test(scene.channelId)).toMatchObject({ ok: false })
  scene.expectNoStop()
})

test('what is pressed during a sleep, and after two minutes without Telegram, asks again', async () => {
  const scene = await openScene()
  await scene.start()
  const alert = await scene.idleAlert()
  await scene.present()
  // The wall clock goes on while the computer sleeps.
  scene.clock.shiftWallClock(9 * HOUR_MS)
  scene.press(alert.buttons['Stop'])
  const slept = await scene.message('You pressed Stop while I was away')
  await scene.present()
  scene.telegram.middlebox = '<html>Sign in</html>'
  scene.telegram.endPoll()
  await scene.pass(5 * MINUTE_MS)
  const status = () => scene.host().channels.view().channels[0]?.phoneStatus
  expect(status()?.failure).toContain('not as Telegram does')
  scene.press(slept.buttons['Stop now'])
  const before = scene.telegram.messages().length
  scene.telegram.middlebox = null
  await scene.message('You pressed Stop while I was away', before)
  await scene.pass(2 * MINUTE_MS)
  expect(status()?.failure).toBeNull()
  scene.expectNoStop()
})

test('only the program that holds the data folder listens, and the next one does once it may', async () => {
  const scene = await openScene()
  const other = createFolderLock({
    dataFolder: scene.folder,
    journalPath: join(scene.folder, 'intents.jsonl'),
    program: 'cli',
    canActUnlocked: false,
    nowMs: () => scene.clock.now().wallMs,
    onRole: () => {},
  })
  await other.start()
  await scene.start()
  await scene.pass(3 * MINUTE_MS)
  expect(scene.telegram.calls).toEqual([])
  other.dispose()
  await scene.until('a poll', scene.telegram.isPolled)
})
