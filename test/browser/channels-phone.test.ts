import { expect, test } from 'vitest'
import { expectGoodLook } from '../harness/browser/expect-look'
import { openWindow } from '../harness/browser/open-window'
import { VOLUME } from '../harness/browser/pods-scene'
import { openScene } from '../harness/browser/scene'

const BOT_TOKEN = '110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw'

async function openChannels() {
  const scene = await openScene({
    pods: [{ id: 'a', name: 'llama', mode: 'idle', ...VOLUME }],
    hasTelegram: true,
  })
  const window = await openWindow(scene, 'main', { page: 'settings' })
  await window
    .getByRole('navigation', { name: 'Settings sections' })
    .getByRole('button', { name: 'Alerts', exact: true })
    .click()
  return {
    scene,
    window,
    /** Chooses a service, and opens the window that asks about it. */
    add: async (service: string) => {
      await window.getByRole('button', { name: 'Add channel' }).click()
      await window.getByRole('menuitem', { name: service }).click()
      const question = await openWindow(scene, 'confirmation')
      /** It asks once a second what is asked. */
      const asked = async (): Promise<string> => {
        await scene.advance(1_000)
        return question.text()
      }
      return { question, asked }
    },
    row: (name: string) => window.getByRole('group', { name: `Channel ${name}` }),
  }
}

test('a bot is added by its token and paired by the code that only the app’s own window shows, and unpaired', async () => {
  const { scene, window, add, row } = await openChannels()
  const { question, asked } = await add('Telegram')
  await expect.poll(asked).toContain('Send alerts to Telegram?')
  await question.getByLabelText(/Paste the token of your bot/).fill('nonsense')
  await question.getByRole('button', { name: 'Add channel' }).click()
  await expect.element(question.getByText('This is not the token of a bot')).toBeVisible()
  await question.getByLabelText(/Paste the token of your bot/).fill(BOT_TOKEN)
  await question.getByRole('button', { name: 'Add channel' }).click()
  await expect.poll(asked).toMatch(/send it this code\. .*\d{4} \d{4}/s)
  const [code = ''] = /\d{4} \d{4}/.exec(await asked()) ?? []
  await expectGoodLook(question, { widths: [480] })
  await question.getByRole('button', { name: 'I sent the code' }).click()
  await expect.poll(asked).toContain('The code hasn’t arrived yet')
  // The page, whatever runs in it, sees neither code nor token.
  await expect.element(row('Telegram')).toHaveTextContent('Waiting for pairing')
  expect(window.text()).not.toContain(code)
  const ofPage = scene.bridge.requests.filter((request) => request.page === 'window.html')
  expect(JSON.stringify(ofPage)).not.toContain(BOT_TOKEN)

  await scene.writeToBot(code)
  question.close()
  await expect.element(row('Telegram')).toHaveTextContent('Paired with Anna')
  expect((await scene.host()).logLines.join()).not.toContain(BOT_TOKEN)
  await row('Telegram').getByRole('button', { name: 'Edit Telegram' }).click()
  const dialog = window.getByRole('dialog', { name: 'Edit Telegram' })
  await expect
    .element(dialog)
    .toHaveTextContent(/Paired with Anna since .*Stop, Keep 4 h, Keep until tomorrow/)
  await expectGoodLook(window)
  await dialog.getByRole('button', { name: 'Unpair…' }).click()
  const unpairing = await openWindow(scene, 'confirmation')
  await expect.element(unpairing.getByText('Unpair Telegram?')).toBeVisible()
  await unpairing.getByRole('button', { name: 'Unpair' }).click()
  await expect.element(dialog).toHaveTextContent('Waiting for pairing')
  await expect.element(dialog.getByRole('button', { name: 'Pair…' })).toBeVisible()
})

test('ntfy offers buttons after a question that says which, and why no stop is among them', async () => {
  const { window, add, row } = await openChannels()
  const { question, asked } = await add('ntfy')
  await expect.poll(asked).toContain('Send alerts to ntfy?')
  // Nothing listens there.
  await question.getByLabelText(/Paste the address of your topic/).fill('http://127.0.0.1:9/alerts')
  await question.getByRole('button', { name: 'Add channel' }).click()
  await expect.poll(asked).toContain('need an access token?')
  await question.getByRole('button', { name: 'Continue' }).click()
  await row('ntfy').getByRole('button', { name: 'Edit ntfy' }).click()
  const dialog = window.getByRole('dialog', { name: 'Edit ntfy' })
  await expect.element(dialog).toHaveTextContent('Off. Alerts can have buttons')
  await dialog.getByRole('button', { name: 'Offer buttons…' }).click()
  await expect
    .poll(asked)
    .toMatch(/Offer buttons in ntfy\?.*Stop isn’t offered: only where the server refuses/s)
  await expectGoodLook(question, { widths: [480] })
  await question.getByRole('button', { name: 'Offer buttons' }).click()
  await expect.element(dialog).toHaveTextContent(/Buttons since .*Stop isn’t offered/)
  await expectGoodLook(window)
  await dialog.getByRole('button', { name: 'Remove buttons' }).click()
  await expect.element(dialog).toHaveTextContent('Off. Alerts can have buttons')
})
