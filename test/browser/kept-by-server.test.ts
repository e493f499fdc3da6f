import { expect, test } from 'vitest'
import { expectGoodLook } from '../harness/browser/expect-look'
import { openWindow, type TestWindow } from '../harness/browser/open-window'
import { VOLUME } from '../harness/browser/pods-scene'
import { openScene, podOf } from '../harness/browser/scene'
import { showPage } from '../harness/browser/volumes-scene'

const TOKEN = `pkp_${'t'.repeat(40)}`
const CERTIFICATE = 'test/fixtures/self-signed/certificate.pem'

async function answerField(
  question: TestWindow,
  label: RegExp,
  typed: string,
  button: string,
): Promise<void> {
  await question.getByLabelText(label).fill(typed)
  await expect.element(question.getByLabelText(label)).toHaveValue(typed)
  await question.getByRole('button', { name: button }).click()
}

test('a server is connected with its address, a token and its certificate; then it is asked, and disconnected', async () => {
  const scene = await openScene({
    pods: [{ id: 'a', name: 'llama', mode: 'idle', ...VOLUME }],
    hasTeamServer: true,
  })
  const { origin } = (await scene.host()).teamServer!
  const window = await openWindow(scene)
  await showPage(window, 'Settings')
  await window.getByRole('button', { name: 'Accounts & keys' }).click()
  await window.getByRole('button', { name: /^Connect to a server/ }).click()
  const question = await openWindow(scene, 'confirmation')
  await question.getByLabelText(/Type its address/).fill('https://127.0.0.1/path')
  await question.getByRole('button', { name: 'Continue' }).click()
  await expect.element(question.getByText('without a path')).toBeVisible()
  await answerField(question, /Type its address/, origin, 'Continue')
  await answerField(question, /Paste the token/, TOKEN, 'Connect')
  // The window asks once a second what is asked.
  const asked = async () => {
    await scene.advance(1_000)
    return question.text()
  }
  await expect.poll(asked).toMatch(/self-signed certificate/)
  await scene.advance(1_000)
  await scene.answerNextDialog([CERTIFICATE])
  await question.getByRole('button', { name: 'Choose file…' }).click()
  const row = window.getByRole('group', { name: /^Account/ })
  await expect.element(row).toHaveTextContent('acts and sends alerts for this account')
  await expect.element(row.getByRole('button', { name: /^Disconnect/ })).toBeVisible()
  expect((await scene.host()).logLines.join()).not.toContain(TOKEN)
  await expectGoodLook(window)

  for (const page of ['Queue', 'Activity']) {
    await showPage(window, page)
    await expect.element(window.getByText('A server manages your account')).toBeVisible()
    const there = window.getByRole('region', { name: `at ${new URL(origin).host}` })
    await expect
      .element(there)
      .toHaveTextContent(page === 'Queue' ? /fit-planckrunning.*mcmc-chain-7queued/ : /Stopped llama for bob/)
    await expectGoodLook(window)
  }
  // The stop that comes next there is shown as the server's.
  await showPage(window, 'Pods')
  const { host } = new URL(origin)
  await expect.element(window.getByText(`${host} does that.`)).toBeVisible()
  await expect.element(window.getByText(`stop at its maximum hours by ${host}`).first()).toBeVisible()
  await expectGoodLook(window)
  await showPage(window, 'Activity')
  await expect.element(window.getByText(`You connected Runpod to the server ${host}.`)).toBeVisible()
  expect(window.text()).not.toContain('pkp_')
  await window.getByRole('button', { name: 'Which server' }).click()
  await expect.element(row).toBeVisible()

  // What windows ask for goes there, and what holds there is shown.
  const { key } = await podOf(scene, 'llama')
  expect(await scene.bridge.request('keepOn', key, '1-hour')).toMatchObject({ ok: true })
  expect((await podOf(scene, 'llama')).guard).toMatchObject({
    keepOn: { untilMs: expect.any(Number) },
    rules: { maxHours: 9 },
  })
  expect(await scene.bridge.request('act', key, 'stop')).toMatchObject({ ok: true })
  expect((await scene.host()).teamServer?.asked).toEqual([
    'POST /api/v1/pods/a/keep-running {"for":"1-hour"}',
    'POST /api/v1/pods/a/stop',
  ])
  expect((await scene.runpod.requests()).flatMap(({ action }) => action ?? [])).toEqual([])

  await row.getByRole('button', { name: /^Disconnect/ }).click()
  await expect.poll(asked).toMatch(/Disconnect Runpod from/)
  await scene.advance(1_000)
  await question.getByRole('button', { name: 'Disconnect' }).click()
  await expect.element(row.getByRole('button', { name: /^Connect to a server/ })).toBeVisible()
  await expect
    .poll(async () => (await podOf(scene, 'llama')).guard)
    .toMatchObject({ keepOn: null, rules: {} })
  await showPage(window, 'Activity')
  await expect.element(window.getByText(`You disconnected Runpod from the server ${host}.`)).toBeVisible()
})
