import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { startKeyring } from '../harness/app/desktop/keyring'
import { actionsSent, card, openScene, type Scene, VOLUME } from '../harness/app/start/scene'

const KEY = 'rpa_CANARY7f3e9d1b5a0c2468'
/** The key in plain text and in base64. */
const traces = [KEY, Buffer.from(KEY).toString('base64').slice(0, -4)]
const found = (text: string): boolean => traces.some((trace) => text.includes(trace))

let endKeyring: () => Promise<void>
beforeAll(async () => {
  endKeyring = await startKeyring()
})
afterAll(() => endKeyring?.())
let scene: Scene
afterEach(() => scene?.close())

test('a key is in no file, window, log or process after its whole life cycle', async () => {
  scene = await openScene({
    apiKey: KEY,
    pods: [{ id: 'a', name: 'a', mode: 'training', ...VOLUME }],
    settings: { undoS: 1 },
  })
  await scene.page.evaluate("window.app.openWindowAt('settings', 'stopDeadlineS')")
  await scene.pasteKeyByHand()
  await expect.poll(() => card(scene.page, 'a').count()).toBe(1)
  await changeASetting(await scene.running.mainWindow())

  // A server that repeats the key in its error.
  scene.runpod.fault({ kind: 'server-error', detail: `the token ${KEY} made us stumble` })
  await expect.poll(() => scene.page.textContent('body')).toContain('made us stumble')
  expect(await strings(scene.page)).not.toContain(KEY)
  scene.runpod.clearFaults()
  await expect.poll(() => scene.page.textContent('body')).not.toContain('made us stumble')

  await card(scene.page, 'a').getByRole('button', { name: 'Stop a' }).click()
  await expect.poll(() => actionsSent(scene)).toEqual(['stop a'])
  await expect.poll(() => card(scene.page, 'a').textContent()).toContain('Stopped')
  await stumbleOverTheKey()
  await exportEverything()
  await expectNoTrace()
  // This comes last because the debugger keeps a crashed page.
  await crashThePopover()

  await scene.crashAndRestart()
  await expect.poll(() => card(scene.page, 'a').count()).toBe(1)
  await expectNoTrace()
})

async function changeASetting(window: Page): Promise<void> {
  const field = window.getByLabel('Stop timeout')
  await field.fill('90 s')
  await field.press('Enter')
  const config = () => readFileSync(join(scene.running.dataDir, 'config.json'), 'utf8')
  await expect.poll(config).toContain('stopDeadlineS')
  expect(found(config())).toBe(false)
}

const log = () => readFileSync(join(scene.running.dataDir, 'logs/podkeeper.log'), 'utf8')

/** An error in main whose text contains the key. */
async function stumbleOverTheKey(): Promise<void> {
  await scene.running.app.evaluate((_electron, key) => {
    setTimeout(() => {
      throw new Error(`stumbled over ${key} in the middle`)
    })
  }, KEY)
  await expect.poll(log).toContain('stumbled over')
}

async function crashThePopover(): Promise<void> {
  await scene.running.app.evaluate(({ BrowserWindow }) => {
    const popover = BrowserWindow.getAllWindows().find(({ webContents }) =>
      webContents.getURL().includes('index'),
    )
    popover?.webContents.forcefullyCrashRenderer()
  })
  await expect.poll(log).toMatch(/is gone \(.*loaded again/)
}

/** What a user may pass on: the diagnostics, and the exported settings, which are saved in the data folder. */
async function exportEverything(): Promise<void> {
  const window = await scene.running.mainWindow()
  expect(await window.evaluate('window.app.copyDiagnostics()')).toMatchObject({ ok: true })
  const copied = await scene.running.app.evaluate(({ clipboard }) => clipboard.readText())
  expect(copied).toContain('stumbled over')
  expect(found(copied)).toBe(false)
  const filePath = join(scene.running.dataDir, 'exported.json')
  await scene.running.app.evaluate(({ dialog }, path) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath: path })
  }, filePath)
  expect(await window.evaluate('window.app.exportSettings()')).toMatchObject({ ok: true })
  expect(readFileSync(filePath, 'utf8')).toContain('stopDeadlineS')
}

async function expectNoTrace(): Promise<void> {
  expect(filesBelow(scene.running.dataDir).filter((path) => found(textOf(path)))).toEqual([])
  expect(found(scene.running.output())).toBe(false)
  for (const pid of processTree(scene.running.pid))
    for (const file of ['cmdline', 'environ'])
      expect([pid, file, found(processFile(pid, file))]).toEqual([pid, file, false])
  for (const page of scene.running.app.windows()) {
    const memory = await strings(page)
    // Makes sure that the snapshot isn't empty.
    expect(memory).toContain('Podkeeper')
    expect(found(memory)).toBe(false)
  }
}

/** The heap of a window's scripts, including strings, as text. */
async function strings(page: Page): Promise<string> {
  const session = await page.context().newCDPSession(page)
  const chunks: string[] = []
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk))
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false })
  await session.detach()
  return `${chunks.join('')}\n${await page.content()}`
}

function filesBelow(folder: string): string[] {
  const entries = whileThere(() => readdirSync(folder, { withFileTypes: true }), [])
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return filesBelow(path)
    return entry.isFile() ? [path] : []
  })
}

const textOf = (path: string): string => whileThere(() => readFileSync(path, 'latin1'), '')

/** The app removes files while they are listed and read. */
function whileThere<T>(read: () => T, otherwise: T): T {
  try {
    return read()
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause
    return otherwise
  }
}

/** The process and all its descendants. */
function processTree(root: number): number[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const parent = /^PPid:\s*(\d+)$/m.exec(processFile(Number(name), 'status'))?.[1]
    if (parent !== undefined) parents.set(Number(name), Number(parent))
  }
  const tree = [root]
  for (const pid of tree) for (const [child, parent] of parents) if (parent === pid) tree.push(child)
  return tree
}

function processFile(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1')
  } catch {
    // The process exited after it was listed.
    return ''
  }
}
