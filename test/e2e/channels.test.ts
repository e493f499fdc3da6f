import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axeFaults, loadAxe } from '../harness/app/look/axe'
import { answerQuestion, confirmWindows, questionTitled } from '../harness/app/act/questions'
import { card, openScene, type Scene, screenshot, VOLUME } from '../harness/app/start/scene'
import { waitUntil } from '../harness/app/act/wait-until'
import type { ReceivingServer } from '../harness/channels/receiving-server'
import { type SeenMessage, startNtfy } from '../harness/channels/services'

let scene: Scene
let window: Page
let ntfy: ReceivingServer<SeenMessage>
beforeAll(async () => {
  ntfy = await startNtfy()
  scene = await openScene({ pods: [{ id: 'a', name: 'llama', mode: 'training', ...VOLUME }] })
  await scene.page.evaluate("window.app.openWindowAt('settings', 'channels')")
  window = await scene.running.mainWindow()
  await window.getByRole('button', { name: 'Add channel' }).waitFor()
})
afterAll(async () => {
  await scene?.close()
  await ntfy?.close()
})

const row = () => window.getByRole('group', { name: 'Channel ntfy' })

test('a channel is added by typing its address in the app’s own window, by keyboard alone', async () => {
  await window.getByRole('button', { name: 'Add channel' }).focus()
  await window.keyboard.press('Enter')
  await window.getByRole('menuitem', { name: 'ntfy' }).waitFor()
  await window.keyboard.press('Enter')
  const question = await questionTitled(scene.running, 'Send alerts to ntfy?')
  await question.keyboard.type('http://ntfy.example/topic')
  await question.keyboard.press('Enter')
  await expect
    .poll(() => question.textContent('body'))
    .toMatch(/Only addresses of this computer|must begin with https/)
  await question.getByRole('textbox').fill(`${ntfy.origin}/secret`)
  await screenshot(question, 'channel-address')
  await question.keyboard.press('Enter')
  const token = await questionTitled(scene.running, /^Does 127\.0\.0\.1:\d+ need an access token\?$/)
  await token.keyboard.type('tk_right')
  await token.keyboard.press('Enter').catch(() => undefined)
  await row().waitFor()
  expect(await row().textContent()).toContain('Nothing sent yet')
  // Neither the page nor a file that can be read has them.
  expect(await window.content()).not.toMatch(/tk_right|\/secret/)
  expect(readFileSync(join(scene.running.dataDir, 'channels.json'), 'utf8')).not.toMatch(/tk_right|\/secret/)
})

test('a test shows what the service answers', async () => {
  await row().getByRole('button', { name: 'Test ntfy' }).click()
  await expect
    .poll(() => window.textContent('body'))
    .toMatch(/ntfy accepted the test\. 127\.0\.0\.1:\d+ answered HTTP 200/)
  expect(ntfy.received.map(({ payload }) => payload.topic)).toEqual(['secret'])
  ntfy.fail(() => ({ kind: 'reply', reply: { status: 403, body: '{"error":"forbidden"}' } }))
  await row().getByRole('button', { name: 'Test ntfy' }).click()
  await expect
    .poll(() => window.textContent('body'))
    .toMatch(/The test of ntfy failed\. .* HTTP 403: forbidden/)
  ntfy.fail(null)
})

test('routes, quiet hours and limits apply at once', async () => {
  await row().getByRole('button', { name: 'Edit ntfy' }).click()
  const dialog = window.getByRole('dialog', { name: 'Edit ntfy' })
  await dialog.getByRole('switch', { name: 'Quiet hours' }).focus()
  await window.keyboard.press('Space')
  await dialog.getByLabel('Time zone').fill('Mars/North')
  await expect.poll(() => dialog.textContent()).toContain('There is no such time zone.')
  await dialog.getByLabel('Time zone').fill('Europe/Berlin')
  await dialog.getByLabel('Time zone').press('Enter')
  await dialog.getByLabel('Group for').fill('10')
  await dialog.getByLabel('Group for').press('Enter')
  const stored = () =>
    JSON.parse(readFileSync(join(scene.running.dataDir, 'channels.json'), 'utf8')).channels[0]
  await expect.poll(stored).toMatchObject({
    groupMinutes: 10,
    quietHours: { quietHoursFrom: '22:00', timeZone: 'Europe/Berlin' },
  })
  const format = join(scene.running.dataDir, 'format.json')
  const before = readFileSync(format, 'utf8')
  writeFileSync(format, '{"version":99}')
  await dialog.getByRole('switch', { name: 'Hold critical alerts, too' }).focus()
  await window.keyboard.press('Space')
  await expect.poll(() => window.textContent('body')).toContain('The channel wasn’t changed')
  writeFileSync(format, before)
  await dialog.getByText('By kind of alert').click()
  await loadAxe(window)
  for (const colorScheme of ['light', 'dark'] as const) {
    await window.emulateMedia({ colorScheme })
    await screenshot(window, `channel-dialog-${colorScheme}`)
    expect(await axeFaults(window, colorScheme === 'light' ? 'all' : 'contrast')).toEqual([])
  }
  await window.keyboard.press('Escape')
  for (const colorScheme of ['light', 'dark'] as const) {
    await window.emulateMedia({ colorScheme })
    await screenshot(window, `channels-${colorScheme}`)
    expect(await axeFaults(window, 'contrast')).toEqual([])
  }
})

test('an alert goes to the channel, and what fails is shown', async () => {
  await window.evaluate("window.app.changeSetting('hasReadyAlerts', true)")
  await scene.pasteKey()
  ntfy.fail(() => ({ kind: 'reply', reply: { status: 403, body: '{"error":"forbidden"}' } }))
  await window.evaluate(
    'window.app.channels().then(({ value }) => window.app.changeChannel(value.channels[0].id, { groupMinutes: 0, quietHours: null }))',
  )
  // Only a pod that was seen can be missing.
  await card(scene.page, 'llama').waitFor()
  scene.runpod.removePod('a')
  await waitUntil('the failure', async () =>
    ((await row().textContent()) ?? '').includes('HTTP 403: forbidden'),
  )
  await screenshot(window, 'channels-failing')
  ntfy.fail(null)
  await row().getByRole('button', { name: 'Test ntfy' }).click()
  await waitUntil('the alert', () =>
    Promise.resolve(ntfy.received.some(({ text }) => text.includes('llama'))),
  )
})

test('a page adds no channel, and changes no address', async () => {
  const before = readFileSync(join(scene.running.dataDir, 'channels.json'), 'utf8')
  const refused = await window.evaluate(`Promise.all([
    window.app.addChannel('ntfy', 'https://evil.example/x'),
    window.app.changeChannel(JSON.parse(${JSON.stringify(before)}).channels[0].id, { host: 'evil.example' }),
    window.app.changeChannel(JSON.parse(${JSON.stringify(before)}).channels[0].id, { address: 'https://evil.example' }),
  ])`)
  expect(refused).toMatchObject([{ ok: false }, { ok: false }, { ok: false }])
  await window.evaluate("void window.app.addChannel('slack')")
  await answerQuestion(scene.running, 'Send alerts to Slack?', 'Cancel')
  await waitUntil('no question', () => Promise.resolve(confirmWindows(scene.running).length === 0))
  expect(readFileSync(join(scene.running.dataDir, 'channels.json'), 'utf8')).toBe(before)
})

test('a channel is removed with its address after a question', async () => {
  await row().getByRole('button', { name: 'Edit ntfy' }).click()
  await window.getByRole('button', { name: 'Remove channel…' }).click()
  await answerQuestion(scene.running, 'Remove the channel ntfy?', 'Remove channel')
  await expect.poll(() => window.textContent('body')).toContain('This channel no longer exists.')
  await window.keyboard.press('Escape')
  await expect.poll(() => row().count()).toBe(0)
})
