import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { answerQuestion, questionTitled } from '../harness/app/act/questions'
import { waitUntil } from '../harness/app/act/wait-until'
import { card, openScene, screenshot, VOLUME } from '../harness/app/start/scene'
import { ANNA, BOT_TOKEN, type SeenPhoneMessage, startTelegram } from '../harness/phone/telegram-server'

/** The time to undo a stop, and to see that it happened. */
const STOPPED_WITHIN_MS = 150_000
const CODE = /\d{4} \d{4}/

test('a bot is paired with the code of the app’s own window; a pod is stopped from its alert, and kept from stopping by Undo', async () => {
  const telegram = await startTelegram()
  const scene = await openScene({
    pods: [
      { id: 'a', name: 'llama', mode: 'idle', ...VOLUME },
      { id: 'b', name: 'planck', mode: 'training', ...VOLUME },
    ],
    settings: { idleAlertAfterMin: 0.05 },
    launch: { env: { PODKEEPER_TEST_TELEGRAM: telegram.origin } },
  })
  try {
    await scene.page.evaluate("window.app.openWindowAt('settings', 'channels')")
    const window = await scene.running.mainWindow()
    const row = window.getByRole('group', { name: 'Channel Telegram' })
    await window.getByRole('button', { name: 'Add channel' }).click()
    await window.getByRole('menuitem', { name: 'Telegram' }).click()
    const token = await questionTitled(scene.running, 'Send alerts to Telegram?')
    await token.getByLabel(/Paste the token/).fill(BOT_TOKEN)
    await token.keyboard.press('Enter').catch(() => undefined)
    const pairing = await questionTitled(scene.running, 'Pair Telegram with your phone')
    await screenshot(pairing, 'phone-pairing')
    const [code = ''] = CODE.exec((await pairing.textContent('body')) ?? '') ?? []
    await expect.poll(() => row.textContent()).toContain('Waiting for pairing')
    // A page that asks for it sees no code.
    expect(await window.content()).not.toMatch(new RegExp(`${code}|${BOT_TOKEN}`))
    telegram.write(code)
    await expect.poll(() => row.textContent()).toContain('Paired with Anna')
    await row.getByRole('button', { name: 'Edit Telegram' }).click()
    await screenshot(window, 'phone-settings')
    await window.keyboard.press('Escape')
    expect(readFileSync(join(scene.running.dataDir, 'channels.json'), 'utf8')).not.toContain(BOT_TOKEN)

    await scene.pasteKey()
    await card(scene.page, 'llama').waitFor()
    const message = (text: RegExp, after = 0): Promise<SeenPhoneMessage> =>
      waitUntil(
        String(text),
        () =>
          telegram
            .messages()
            .slice(after)
            .find((one) => text.test(one.text)),
        STOPPED_WITHIN_MS,
      )
    const press = async (data: string | undefined): Promise<void> => {
      // Each poll that is answered shows that what comes next was just pressed.
      telegram.endPoll()
      await waitUntil('a poll', telegram.isPolled)
      telegram.receive({
        callback_query: {
          id: '9',
          from: ANNA,
          message: { message_id: 5, chat: { id: ANNA.id, type: 'private' } },
          data,
        },
      })
    }
    const stops = () => scene.runpod.requests.filter(({ action }) => action === 'stop').length
    const alert = await message(/llama has been idle/)
    expect(Object.keys(alert.buttons)).toEqual(['Stop', 'Keep 4 h', 'Keep until tomorrow'])
    await press(alert.buttons['Stop'])
    const stopping = await message(/llama will be stopped in 60 s/)
    expect(stops()).toBe(0)
    await press(stopping.buttons['Undo'])
    await message(/Undone\. llama is not stopped/)

    // Now for good, from the status.
    const before = telegram.messages().length
    telegram.write('/status')
    const status = await message(/^llama is idle/, before)
    await press(status.buttons['Stop'])
    await message(/will be stopped in 60 s/, before)
    await message(/^llama stopped, seen at/, before)
    expect(stops()).toBe(1)
    await expect.poll(() => card(scene.page, 'llama').textContent()).toMatch(/Stopped/)

    await scene.page.evaluate("window.app.openWindow('activity')")
    await expect.poll(() => window.textContent('body')).toMatch(/telegram: Anna pressed Stop for llama/)
    await window.evaluate("window.app.openWindowAt('settings', 'channels')")
    await row.getByRole('button', { name: 'Edit Telegram' }).click()
    await window.getByRole('button', { name: 'Unpair…' }).click()
    await answerQuestion(scene.running, 'Unpair Telegram?', 'Unpair')
    await waitUntil('no poll', () => !telegram.isPolled())
  } finally {
    await scene.close()
  }
})
