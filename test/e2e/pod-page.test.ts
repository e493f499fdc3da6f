import { execFile } from 'node:child_process'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { podLink } from '../../src/core/pods/pod-link'
import { parsePodKey, type PodKey } from '../../src/core/pods/pod'
import { actionsSent, card, openScene, podKeyIn, type Scene } from '../harness/app/start/scene'

/*
 * The page of a pod: how it is opened, by links too, and its log. How it behaves is tested in
 * `test/browser/pod-page.test.ts` and `logs.test.ts`.
 */

let scene: Scene
let window: Page
let podKey: PodKey
const errors: string[] = []

beforeAll(async () => {
  scene = await openScene({
    pods: [
      {
        id: 'trainer1',
        name: 'trainer',
        mode: 'training',
        startedAgoMin: 15,
        createdAgoMin: 20,
        logLinesPerS: 1,
        env: { HF_TOKEN: 'checkpoint shards' },
      },
      { id: 'other1', name: 'other', mode: 'training' },
    ],
  })
  await scene.pasteKey()
  podKey = await podKeyIn(scene.page, 'trainer1')
  await scene.page.evaluate("window.app.openWindow('pods')")
  window = await scene.running.mainWindow()
  window.on('console', (message) => errors.push(message.text()))
  window.on('pageerror', (error) => errors.push(error.message))
  await window.setViewportSize({ width: 1_180, height: 820 })
  await card(window, 'trainer').waitFor()
})
afterAll(() => scene?.close())

const heading = () => window.getByRole('heading', { level: 1 })

test('the name on its card opens the page of a pod, and Escape leads back to it', async () => {
  await card(window, 'trainer').getByRole('button', { name: 'trainer', exact: true }).click()
  await expect.poll(() => heading().textContent()).toBe('trainer')
  await expect.poll(() => window.locator(':focus').textContent()).toBe('trainer')
  await window.keyboard.press('Escape')
  await expect.poll(() => window.evaluate('document.activeElement.id')).toBe(`pod-${podKey}`)
  await window.keyboard.press('Enter')
  await expect.poll(() => heading().textContent()).toBe('trainer')
})

test('the log of a pod follows what it prints, without its secrets, and is saved where the system asks', async () => {
  await window.evaluate(`window.app.openWindowAt('logs', '${podKey}')`)
  const count = async (): Promise<number> =>
    Number.parseInt((await window.textContent('.log-count')) ?? '', 10)
  await expect.poll(count).toBeGreaterThan(20)
  const before = await count()
  await expect.poll(count).toBeGreaterThan(before)
  const path = join(await mkdtemp(join(process.env['PODKEEPER_SESSION'] ?? tmpdir(), 'log-')), 'trainer.txt')
  await scene.running.app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath })
  }, path)
  await window.getByRole('button', { name: 'Save as…' }).click()
  await window.getByText(`Saved to ${path}`).waitFor()
  const saved = await readFile(path, 'utf8')
  expect([saved.includes('[hidden]'), saved.includes('checkpoint shards')]).toEqual([true, false])
  await window.getByRole('button', { name: 'Copy', exact: true }).click()
  // Until then the clipboard has the key that was pasted.
  const copied = () => scene.running.app.evaluate(({ clipboard }) => clipboard.readText())
  await expect.poll(copied).toContain('[hidden]')
  expect(errors).toEqual([])
})

test('a loaded page stays, and a link from a second instance shows a known pod and nothing of an unknown one', async () => {
  await window.reload()
  await window.getByRole('tab', { name: 'Logs', selected: true }).waitFor()
  await expect.poll(() => heading().textContent()).toBe('trainer')
  const { accountId } = parsePodKey(podKey)
  await openLink(podLink(accountId, 'other1'))
  await expect.poll(() => heading().textContent()).toBe('other')
  const notices = () =>
    window.evaluate<string>(
      'window.app.snapshot().then(({ value }) => value.notices.map(({ text }) => text).join())',
    )
  await openLink(podLink(accountId, 'nobody'))
  await expect
    .poll(notices)
    .toContain('A link asked for a pod that none of your accounts has. Nothing was done.')
  // It is shown on the page of the pods.
  await card(window, 'trainer').waitFor()
  await openLink(`podkeeper://pod/${accountId}/trainer1/stop`)
  await expect.poll(notices).toContain('A link to Podkeeper could not be read. Nothing was done.')
  expect(actionsSent(scene)).toEqual([])
})

/** What the system does with a link while the app is running. Meanwhile the simulator continues answering. */
async function openLink(link: string): Promise<void> {
  const root = resolve(import.meta.dirname, '../..')
  await promisify(execFile)(
    process.env['PODKEEPER_ELECTRON'] ?? '',
    [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      `--user-data-dir=${scene.running.dataDir}`,
      root,
      '--',
      link,
    ],
    { env: { ...process.env, RUNPOD_API_BASE_URL: `${scene.runpod.url}/v2` }, timeout: 60_000 },
  )
}
