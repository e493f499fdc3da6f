import { afterEach, expect, test } from 'vitest'
import { requestNames } from '../../src/shared/ipc'
import { card, openScene, type Scene } from '../harness/app/start/scene'
import { TrayItem } from '../harness/app/desktop/tray'
import { waitUntil } from '../harness/app/act/wait-until'

let scene: Scene
afterEach(() => scene?.close())

const windows = () => scene.running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)
const lists = () => scene.runpod.requests.filter(({ path }) => path === '/v2/pods').length

test('a window hidden for long is destroyed, polling continues, and a click on the tray brings it back', async () => {
  scene = await openScene({ pods: [{ name: 'a', mode: 'training' }], settings: { hiddenWindowKeepS: 1 } })
  await scene.pasteKey()
  await expect.poll(() => card(scene.page, 'a').count()).toBe(1)
  const tray = await TrayItem.of(scene.running)
  await scene.running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
  await expect.poll(windows).toBe(0)
  const before = lists()
  await expect.poll(() => lists() - before).toBeGreaterThan(2)

  await tray.activate()
  await expect.poll(windows).toBe(1)
  const page = () =>
    waitUntil('the new window', () => scene.running.app.windows().find((one) => !one.isClosed()))
  await expect.poll(async () => card(await page(), 'a').count()).toBe(1)

  await scene.running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
  await expect.poll(windows).toBe(0)
  await tray.choose('a', 'Show')
  await expect.poll(async () => (await page()).locator(':focus').textContent()).toMatch(/^a/)
  tray.disconnect()
})

test('a window is isolated: no Node, no other pages, and invalid requests are rejected', async () => {
  scene = await openScene()
  const { page } = scene
  const evaluate = (script: string): Promise<unknown> => page.evaluate(script)
  expect(await evaluate('[typeof require, typeof process, typeof module]')).toEqual(
    Array(3).fill('undefined'),
  )
  expect(await evaluate('Object.keys(window.app).sort()')).toEqual([...requestNames, 'locale', 'on'].sort())
  for (const nonsense of [
    'act()',
    'act("a")',
    'act(1, "stop")',
    'act("", "stop")',
    'act("a", "terminate")',
    'act("a", "stop", "b")',
    'act("a", "stop")',
    'act("x/a", "terminate")',
    `act("${'x'.repeat(201)}", "stop")`,
    'act({ toString: 1 }, "stop")',
    'openPage("https://evil.example")',
    'undo(null)',
  ])
    expect(await evaluate(`window.app.${nonsense}`)).toMatchObject({ ok: false })
  expect(await evaluate('window.app.act("no such account/pod", "stop")')).toMatchObject({ ok: false })

  expect(await evaluate('window.open("https://example.com")')).toBeNull()
  await evaluate('void (location.href = "https://example.com")')
  await evaluate(`fetch('https://example.com').catch(() => {})`)
  expect(await evaluate('location.href')).toBe('podkeeper://app/index.html')
  expect(await evaluate('document.querySelector("script:not([src])")')).toBeNull()
  expect(await windows()).toBe(1)
})
