import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { takeServeLock } from '../../src/node/pods-api/serve-lock'
import { axeFaults, loadAxe } from '../harness/app/look/axe'
import {
  answerQuestion,
  confirmByKeyboard,
  confirmWindows,
  questionTitled,
} from '../harness/app/act/questions'
import { openScene, type Scene, screenshot, VOLUME } from '../harness/app/start/scene'
import { waitUntil } from '../harness/app/act/wait-until'
import { realCliProgram, useRealCli } from '../harness/cli/real-program'
import { actionsOf } from '../harness/cli/watched'
import { freePort } from '../harness/base/free-port'

useRealCli()

let scene: Scene
let window: Page
let port: number
let token = ''
let readToken = ''

beforeAll(async () => {
  port = await freePort()
  scene = await openScene({
    pods: [{ id: 'a', name: 'llama', mode: 'training', ...VOLUME }],
    settings: { podsApiPort: String(port) },
  })
  await scene.pasteKey()
  await openSettings()
})
afterAll(() => scene?.close())

async function openSettings(): Promise<void> {
  await scene.page.evaluate("window.app.openWindowAt('settings', 'api-tokens')")
  window = await scene.running.mainWindow()
  await window.getByRole('button', { name: 'Create token…' }).waitFor()
}

const theSwitch = () => window.getByRole('switch', { name: 'Serve the Pods API' })
const stateShown = (text: string) => window.getByText(text, { exact: false }).first().waitFor()
const row = (name: string) => window.getByRole('group', { name: `Token ${name}` })
/** `body`: of a POST; absent: it is a GET. */
const send = (path: string, bearer: string, body?: object) =>
  fetch(`http://127.0.0.1:${port}/api/v1${path}`, {
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
  })
/** The items of a list. */
const listed = async (path: string, bearer: string): Promise<readonly any[]> =>
  ((await (await send(path, bearer)).json()) as any).data
const isRefused = () =>
  fetch(`http://127.0.0.1:${port}/docs`).then(
    () => false,
    ({ cause }: { readonly cause?: { readonly code?: string } }) => cause?.code === 'ECONNREFUSED',
  )

/** What stands in the box of the app's own window, and then its button pressed by keyboard. */
async function takeToken(name: string): Promise<string> {
  const shown = await questionTitled(scene.running, `The token “${name}” was created`)
  const text = (await shown.getByRole('region', { name: 'Token' }).textContent()) ?? ''
  await screenshot(shown, 'pods-api-token')
  await shown.getByRole('button', { name: 'Copy token' }).and(shown.locator(':enabled')).waitFor()
  for (const stop of ['pkp_', 'Close', 'Copy token']) {
    await shown.keyboard.press('Tab')
    expect(await shown.evaluate('document.activeElement.textContent')).toContain(stop)
  }
  await shown.keyboard.press('Enter').catch(() => undefined)
  return text
}

test('nothing is served until the switch is turned on by keyboard, and then to tokens only', async () => {
  expect(await isRefused()).toBe(true)
  await stateShown('Not served')
  await theSwitch().focus()
  await window.keyboard.press('Space')
  await stateShown(`Serving at http://127.0.0.1:${port}`)
  expect((await send('/pods', 'pkp_none')).status).toBe(401)
})

test('a token is made by keyboard, confirmed and shown in the app’s own window, and lists the pods', async () => {
  await window.getByRole('button', { name: 'Create token…' }).focus()
  await window.keyboard.press('Enter')
  const dialog = window.getByRole('dialog', { name: 'Create token' })
  await dialog.getByRole('textbox', { name: 'Name' }).waitFor()
  await window.keyboard.press('Enter')
  await dialog.getByText('Use up to 40 letters').waitFor()
  await window.keyboard.type('ci')
  await window.keyboard.press('Tab')
  await window.keyboard.press('Tab')
  await window.keyboard.press('Space')
  await dialog.getByRole('textbox', { name: 'Highest price' }).fill('5')
  await loadAxe(window)
  for (const colorScheme of ['light', 'dark'] as const) {
    await window.emulateMedia({ colorScheme })
    await screenshot(window, `pods-api-dialog-${colorScheme}`)
    expect(await axeFaults(window, colorScheme === 'light' ? 'all' : 'contrast')).toEqual([])
  }
  await dialog.getByRole('textbox', { name: 'Highest price' }).press('Enter')
  const question = await questionTitled(scene.running, 'Create the token “ci”?')
  expect(await question.textContent('body')).toContain('$5.00/hr')
  await screenshot(question, 'pods-api-question')
  await confirmByKeyboard(question, 'Create token')
  token = await takeToken('ci')
  expect(token).toMatch(/^pkp_[\w-]{43}$/)
  await row('ci').waitFor()
  await stateShown('The token ci was created and copied.')
  expect(await scene.running.app.evaluate(({ clipboard }) => clipboard.readText())).toBe(token)

  const [lab] = await listed('/labs', token)
  expect(await listed(`/pods?labId=${lab.id}`, token)).toMatchObject([
    { _id: 'pod_a', name: 'llama', status: 'running' },
  ])
  // Pods are created with the key of the app, at most at the token's price.
  const order = { labId: lab.id, gpuType: 'H100', name: 'by-token' }
  expect((await send('/pods', token, { ...order, maxHourlyUsd: 0.01 })).status).toBe(402)
  expect([201, 202]).toContain((await send('/pods', token, order)).status)
  await waitUntil('the new pod', async () =>
    (await listed(`/pods?labId=${lab.id}`, token)).some(({ name }) => name === 'by-token'),
  )
  const document = await fetch(`http://127.0.0.1:${port}/openapi.json`, {
    headers: { authorization: `Bearer ${token}` },
  })
  expect(Object.keys(((await document.json()) as any).paths)).toContain('/api/v1/pods')
  await expect.poll(() => row('ci').textContent()).toMatch(/last used/)
  expect(await row('ci').textContent()).toMatch(
    /Read, start, stop and create.*all accounts.*\$5\.00\/hr.*expires/,
  )
})

test('a page gets no token, and makes none that may change something', async () => {
  expect(await window.content()).not.toContain(token)
  const view = await window.evaluate('window.app.podsApi()')
  expect(JSON.stringify(view)).not.toContain(token)
  expect(JSON.stringify(view)).not.toMatch(/[0-9a-f]{64}/)
  const access = `{ name: 'evil', scopes: ['pods:read', 'pods:write'], accountIds: null, maxHourlyUsd: null, lifetimeMs: null }`
  await window.evaluate(`void window.app.grantApiAccess(${access})`)
  await answerQuestion(scene.running, 'Create the token “evil”?', 'Cancel')
  await waitUntil('no question', () => Promise.resolve(confirmWindows(scene.running).length === 0))
  expect(
    await window.evaluate(`Promise.all([
      window.app.grantApiAccess({ ...${access}, scopes: [] }),
      window.app.grantApiAccess({ ...${access}, hash: '${'a'.repeat(64)}' }),
      window.app.grantApiAccess({ ...${access}, accountIds: ['other'] }),
    ])`),
  ).toMatchObject([{ ok: false }, { ok: false }, { ok: false }])
  expect(readFileSync(join(scene.running.dataDir, 'api-tokens.json'), 'utf8')).not.toContain('evil')

  // One that only reads is shown there as well, and nowhere else. It may be for some accounts only.
  await window.getByRole('button', { name: 'Create token…' }).click()
  const dialog = window.getByRole('dialog', { name: 'Create token' })
  await dialog.getByRole('textbox', { name: 'Name' }).fill('reader')
  await dialog.getByRole('button', { name: /Accounts/ }).click()
  await window.getByRole('option', { name: 'Only chosen ones' }).click()
  await dialog.getByRole('button', { name: 'Create', exact: true }).click()
  await dialog.getByText('Choose an account.').waitFor()
  const chosen = dialog.getByRole('group', { name: 'Accounts of the token' })
  await expect.poll(() => chosen.getByRole('checkbox').evaluate((box) => box.matches(':focus'))).toBe(true)
  await window.keyboard.press('Space')
  await screenshot(window, 'pods-api-accounts')
  await dialog.getByRole('button', { name: 'Create', exact: true }).click()
  readToken = await takeToken('reader')
  await dialog.waitFor({ state: 'detached' })
  expect(await row('reader').textContent()).not.toContain('all accounts')
  expect((await send('/pods/pod_a/stop', readToken, {})).status).toBe(403)
})

test('a stop by a token is an intent in the activity log under its name', async () => {
  expect([200, 202]).toContain((await send('/pods/pod_a/stop', token, {})).status)
  // The reply doesn't wait for it longer than some seconds.
  await expect.poll(() => actionsOf(scene.runpod)).toEqual(['stop a'])
  const { value } = await window.evaluate<{
    value: { entries: readonly { intent?: { requester: string; reason: string } }[] }
  }>("window.app.auditPage(null, { kind: 'intent' })")
  expect(value.entries.map(({ intent }) => [intent?.requester, intent?.reason])).toContainEqual([
    'api-token',
    'ci',
  ])
})

test('what an agent wants is asked in the app’s own window, and done once a person agreed', async () => {
  const { dataDir } = scene.running
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [realCliProgram(), '--data-dir', dataDir, 'mcp', '--write', '--name', 'claude'],
    env: { PATH: process.env['PATH'] ?? '', HOME: dataDir },
    stderr: 'pipe',
  })
  const agent = new Client({ name: 'test', version: '1.0.0' })
  await agent.connect(transport)
  const [{ name: account = '' } = {}] = await listed('/labs', token)
  const job = { account, title: 'clean-up', command: 'rm -rf /workspace/cache', gpuType: 'H100' }
  const addJob = async (more = {}): Promise<string> => {
    const reply = await agent.callTool({ name: 'add_job', arguments: { ...job, ...more } })
    return (reply.content as [{ text: string }])[0].text
  }
  const confirmToken = /confirmToken "([^"]+)"/.exec(await addJob())?.[1]
  const question = await questionTitled(scene.running, 'Add the job clean-up?')
  for (const part of ['claude', 'rm -rf /workspace/cache'])
    expect(await question.textContent('body')).toContain(part)
  await loadAxe(question)
  for (const colorScheme of ['light', 'dark'] as const) {
    await question.emulateMedia({ colorScheme })
    await screenshot(question, `agent-question-${colorScheme}`)
    expect(await axeFaults(question, colorScheme === 'light' ? 'all' : 'contrast')).toEqual([])
  }
  expect(await addJob({ confirmToken })).toContain('Nobody has agreed yet')
  await confirmByKeyboard(question, 'Add job')
  await expect.poll(() => addJob({ confirmToken })).toContain('Added as')
  await agent.close()
})

test('the section looks right in both themes, and axe finds nothing', async () => {
  await loadAxe(window)
  await theSwitch().scrollIntoViewIfNeeded()
  for (const colorScheme of ['light', 'dark'] as const) {
    await window.emulateMedia({ colorScheme })
    await screenshot(window, `pods-api-${colorScheme}`)
    expect(await axeFaults(window, colorScheme === 'light' ? 'all' : 'contrast')).toEqual([])
  }
})

test('it is served again after a restart, and a revoked token is refused at once', async () => {
  await scene.running.kill9()
  await expect.poll(isRefused).toBe(true)
  await scene.crashAndRestart()
  await openSettings()
  await stateShown(`Serving at http://127.0.0.1:${port}`)
  await expect.poll(async () => (await send('/labs', token)).status).toBe(200)
  await row('ci').getByRole('button', { name: 'Revoke ci' }).focus()
  await window.keyboard.press('Enter')
  const question = await questionTitled(scene.running, 'Revoke the token “ci”?')
  await confirmByKeyboard(question, 'Revoke token')
  await row('ci').waitFor({ state: 'detached' })
  expect((await send('/labs', token)).status).toBe(401)
  expect((await send('/labs', readToken)).status).toBe(200)
})

test('switched off, nothing listens; a port or a folder that another program has is shown and left to it', async () => {
  await theSwitch().focus()
  await window.keyboard.press('Space')
  await stateShown('Not served')
  // A connection of this process that was open may be used once more.
  await expect.poll(isRefused).toBe(true)

  const other = createServer((_, response) => response.end('other')).listen(port, '127.0.0.1')
  await new Promise((resolve) => other.once('listening', resolve))
  await window.keyboard.press('Space')
  await stateShown(`Port ${port} is in use by another program`)
  await screenshot(window, 'pods-api-port-in-use')
  await window.keyboard.press('Space')
  await stateShown('Not served')
  other.closeAllConnections()
  await new Promise((resolve) => other.close(resolve))

  const lock = await takeServeLock(scene.running.dataDir, 'cli')
  if (!lock.ok) throw new Error('the app still serves')
  await window.keyboard.press('Space')
  await stateShown(`podkeeper serve (process ${process.pid}) already serves this data folder`)
  expect(await isRefused()).toBe(true)
  lock.value()
  // It was turned on, so that it is served once the other program is gone.
  await stateShown(`Serving at http://127.0.0.1:${port}`)
})
