import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import type { TerminalView } from '../../src/core/terminal/terminal'
import { axeFaults, loadAxe } from '../harness/app/look/axe'
import { startKeyring } from '../harness/app/desktop/keyring'
import { Notifications } from '../harness/app/desktop/notifications'
import { trustHostKey } from '../harness/app/act/questions'
import { card, openScene, type Scene, screenshot, terminalsView } from '../harness/app/start/scene'
import { podAt } from '../harness/app/start/ssh-pod'
import { DRAWN_TEXT } from '../harness/app/start/terminal-harness'
import { endsWithFile } from '../harness/setup/ends-with-file'
import { type Relay, startRelay, tempFolder } from '../harness/ssh/openssh-for-test'
import { generateKeyPair } from '../harness/ssh/openssh-server'
import { hasTmux, SHELL_ONLY, startTmuxPod, type TmuxPod } from '../harness/ssh/tmux-pod'

/*
 * Sessions of terminals, in the real window, over real OpenSSH and the real tmux. One app, which is killed twice: then
 * all that was left before has to be there.
 */

interface KeptPod {
  readonly pod: TmuxPod
  readonly relay: Relay
}

const endsWith = endsWithFile()
let scene: Scene
let page: Page
let notifications: Notifications
/** Reached directly, through a proxy that offers a shell only, without tmux, and one whose tab is split. */
let llama: KeptPod
let mixtral: KeptPod
let phi: KeptPod
let qwen: KeptPod

beforeAll(async () => {
  const home = tempFolder('home', endsWith)
  mkdirSync(join(home, '.ssh'), { mode: 0o700 })
  const key = generateKeyPair(join(home, '.ssh/id_ed25519'))
  async function startPod(more: readonly string[] = [], hasTmuxInPath = true): Promise<KeptPod> {
    const options = { authorized: [key.publicLine], config: ['LogLevel INFO', ...more] }
    const pod = await startTmuxPod(options, hasTmuxInPath, endsWith)
    return { pod, relay: await startRelay(pod.server.port, endsWith) }
  }
  llama = await startPod()
  mixtral = await startPod([SHELL_ONLY])
  phi = await startPod([], false)
  qwen = await startPod()
  endsWith(await startKeyring())
  notifications = await Notifications.listen()
  endsWith(() => notifications.disconnect())
  const at = ({ pod, relay }: KeptPod) => ({ ...pod.server, port: relay.port })
  scene = await openScene({
    pods: [
      podAt(at(llama)),
      { ...podAt(at(mixtral), 'proxy'), id: 'pod-2', name: 'mixtral' },
      { ...podAt(at(phi)), id: 'pod-3', name: 'phi' },
      { ...podAt(at(qwen)), id: 'pod-4', name: 'qwen' },
    ],
    launch: { env: { HOME: home } },
  })
  endsWith(() => scene.close())
  await scene.pasteKey()
  page = await mainWindow()
})

async function mainWindow(): Promise<Page> {
  await scene.page.evaluate("window.app.openWindow('pods')")
  const window = await scene.running.mainWindow()
  await window.setViewportSize({ width: 1_180, height: 820 })
  await card(window, 'llama').waitFor()
  return window
}

const goTo = (name: string) => page.getByRole('navigation').getByRole('button', { name, exact: true }).click()

/** A terminal on this pod, with the page of terminals open. */
async function openTerminalOn(name: string): Promise<void> {
  await goTo('Pods')
  await card(page, name)
    .getByRole('button', { name: `Terminal on ${name}` })
    .click()
  await trustHostKey(scene.running)
  await goTo('Terminals')
  await isOpen(name)
  await expect.poll(text).toContain('ready$')
}

/** After a start of the app: the tab of this pod, with its session. */
async function showTab(name: string): Promise<void> {
  await goTo('Terminals')
  await tab(name).click()
  await isOpen(name)
}

async function closeTab(name: string): Promise<void> {
  await tab(name).press('Delete')
  await page.getByRole('button', { name: 'Close terminal' }).press('Enter')
}

const tab = (name: string) => page.getByRole('tab', { name: new RegExp(`^${name}`) })
const terminalsOn = async (name: string): Promise<readonly TerminalView[]> =>
  (await terminalsView(page)).terminals.filter(({ podName }) => podName === name)
const terminal = async (name: string) => (await terminalsOn(name)).at(-1)
const text = (): Promise<string> => page.evaluate(DRAWN_TEXT)
async function type(name: string, input: string): Promise<void> {
  const id = (await terminal(name))?.id
  await page.evaluate(`window.app.typeInTerminal('${id}', ${JSON.stringify(input)}, 'text')`)
}
const isOpen = (name: string) => expect.poll(async () => (await terminal(name))?.state.kind).toBe('open')
/** A window draws what arrives before another process has read the title in it. */
const isTitled = (name: string, title: string) =>
  expect.poll(async () => (await terminal(name))?.title).toBe(title)
const colorOfPink = () =>
  page.evaluate<string>(
    `getComputedStyle([...document.querySelectorAll('.xterm-rows span')].find((one) => one.textContent === 'pink')).color`,
  )

/** Its connection is lost, and there is another one. */
async function breakConnection({ relay }: KeptPod): Promise<void> {
  const forwarded = relay.forwardedBytes()
  relay.cut()
  // The app may notice late. A new connection says that it has.
  await expect.poll(relay.forwardedBytes).toBeGreaterThan(forwarded)
}

test('without tmux a terminal says what was lost, and types the command that installs it, but doesn’t run it', async () => {
  await openTerminalOn('phi')
  phi.relay.cut()
  const notice = page.getByRole('status').filter({ hasText: 'the shell and what ran in it' })
  await notice.waitFor()
  await screenshot(page, 'terminal-kept/no-tmux')
  const before = await text()
  await page.getByRole('button', { name: 'Type this command' }).press('Enter')
  await expect.poll(text).toMatch(/ready\$ apt-get update && apt-get install -y tmux$/)
  expect(before).not.toContain('apt-get')
  await expect.poll(() => notice.count()).toBe(0)
  await expect.poll(() => page.evaluate('document.activeElement.className')).toContain('xterm')
  await closeTab('phi')
})

describe.skipIf(!hasTmux)('with tmux', () => {
  test('a terminal outlives its connection', async () => {
    const { relay } = llama
    await openTerminalOn('llama')
    // True color, a title, a link, and lines for the scrollback.
    await type(
      'llama',
      `seq -f 'row %g' 1 200; printf '\\033[38;2;120;20;90mpink\\033[0m \\033]2;training run\\007\\342\\224\\200 ok\\n'; cat\r`,
    )
    await expect.poll(text).toMatch(/row 200\n\s*pink ─ ok/)
    await isTitled('llama', 'training run')
    await expect.poll(colorOfPink).toBe('rgb(120, 20, 90)')
    await screenshot(page, 'terminal-kept/open')

    // Nothing of it is for the shell that comes next.
    relay.cutAfter(0)
    relay.cut()
    await type('llama', 'after the break\r').catch(() => {})
    const forwarded = relay.forwardedBytes()
    relay.cutAfter(Infinity)
    // The app may notice late. A new connection says that it has.
    await expect.poll(relay.forwardedBytes).toBeGreaterThan(forwarded)
    await isOpen('llama')
    await expect.poll(async () => (await terminal('llama'))?.connection?.server.port).toBe(relay.port)
    await expect.poll(text).toMatch(/row 200\n\s*pink ─ ok/)
    await expect.poll(colorOfPink).toBe('rgb(120, 20, 90)')
    await isTitled('llama', 'training run')
  })

  let proxySessions: readonly string[] = []
  test('a terminal through the proxy, which offers a shell only, outlives its connection, too', async () => {
    await openTerminalOn('mixtral')
    expect(await text()).not.toMatch(/tmux|HISTFILE/)
    await expect
      .poll(() => terminal('mixtral'))
      .toMatchObject({ isKept: true, connection: { server: { route: 'proxy' } } })
    await type('mixtral', 'echo "here in [$TMUX]"; cat\r')
    await expect.poll(text).toContain('here in []')
    proxySessions = mixtral.pod.sessions()
    expect(proxySessions).toHaveLength(1)
    await breakConnection(mixtral)
    await isOpen('mixtral')
    await type('mixtral', 'after the break\r')
    await expect.poll(text).toMatch(/after the break\n+after the break/)
  })

  const pane = (index: number, count: number) =>
    page.getByRole('group', { name: `Pane ${index} of ${count}`, exact: true })
  /** The pane with the focus, by its accessible name. */
  const focused = () =>
    page.evaluate<string | undefined>(
      `document.activeElement.closest('.split-pane')?.getAttribute('aria-label') ?? undefined`,
    )
  const areOpen = (count: number) =>
    expect
      .poll(async () =>
        (await terminalsOn('qwen')).map(({ state }) => (state.kind === 'ended' ? state : state.kind)),
      )
      .toEqual(Array(count).fill('open'))
  const splitTab = async () => {
    const { terminals, tabs } = await terminalsView(page)
    const id = terminals.find(({ podName }) => podName === 'qwen')?.id ?? 'none'
    return tabs.find(({ layout }) => JSON.stringify(layout).includes(JSON.stringify(id)))
  }
  const shapeOf = (layout: unknown) => JSON.stringify(layout).replaceAll(/"id":"[^"]*"/g, '')

  let shapeBefore = ''
  test('a tab is split, resized and closed by keyboard and pointer', async () => {
    await openTerminalOn('qwen')
    await page.locator('.xterm-helper-textarea').focus()
    await page.emulateMedia({ colorScheme: 'dark' })

    // By keyboard: the new pane has the focus, and what is typed goes to it only.
    await page.keyboard.press('Control+Backslash')
    await expect.poll(focused).toBe('Pane 2 of 2')
    await areOpen(2)
    await expect.poll(() => pane(2, 2).textContent()).toContain('ready$')
    await page.keyboard.type('echo right-$((1+1))\n')
    await expect.poll(() => pane(2, 2).textContent()).toContain('right-2')
    await page.keyboard.press('Control+Shift+Backslash')
    await expect.poll(focused).toBe('Pane 3 of 3')
    await areOpen(3)
    await expect.poll(() => pane(3, 3).textContent()).toContain('ready$')
    await page.keyboard.type('seq 5\n')
    await page.keyboard.press('Alt+ArrowUp')
    await expect.poll(focused).toBe('Pane 2 of 3')
    await page.keyboard.press('Alt+ArrowRight')
    await page.keyboard.press('Alt+ArrowLeft')
    await expect.poll(focused).toBe('Pane 1 of 3')
    await page.keyboard.type('echo left-$((1+1))\n')
    await expect.poll(() => pane(1, 3).textContent()).toContain('left-2')
    expect(await pane(2, 3).textContent()).not.toContain('left-2')
    await screenshot(page, 'terminal-panes/three')
    await loadAxe(page)
    expect(await axeFaults(page, 'all')).toEqual([])
    await page.emulateMedia({ colorScheme: 'light' })
    await screenshot(page, 'terminal-panes/three-light')
    expect(await axeFaults(page, 'contrast')).toEqual([])
    await page.emulateMedia({ colorScheme: 'dark' })

    // The divider is dragged, and moved by keys. Programs learn the new size.
    const divider = page.getByRole('separator', { name: 'Width of the panes to the left' })
    const [at, whole] = [(await divider.boundingBox())!, (await page.locator('.split-view').boundingBox())!]
    await page.mouse.move(at.x + 3, at.y + 100)
    await page.mouse.down()
    await page.mouse.move(whole.x + whole.width * 0.3, at.y + 120, { steps: 4 })
    await page.mouse.up()
    expect(await focused()).toBe('Pane 1 of 3')
    const ratio = async () => {
      const layout = (await splitTab())?.layout
      return layout?.kind === 'split' ? layout.ratio : null
    }
    await expect.poll(ratio).toBeCloseTo(0.3, 1)
    await divider.focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await expect.poll(ratio).toBeCloseTo(0.34, 1)
    await expect.poll(async () => (await pane(1, 3).boundingBox())!.width / whole.width).toBeCloseTo(0.34, 1)
    await expect.poll(() => qwen.pod.tmux('list-panes', '-a', '-F', '#{pane_width}')).toMatch(/^[34]\d$/m)

    // A click chooses a pane, and closing it asks and leaves the focus in its neighbor.
    await pane(2, 3).locator('.xterm-screen').click()
    await expect.poll(focused).toBe('Pane 2 of 3')
    await page.keyboard.press('Control+Shift+KeyW')
    const question = page.getByRole('dialog', { name: 'Close this pane of qwen?' })
    await question.waitFor()
    await question.getByRole('button', { name: 'Close terminal' }).click()
    await expect.poll(focused).toBe('Pane 2 of 2')
    await expect.poll(() => pane(2, 2).textContent()).toContain('seq 5')

    // The menu splits, too.
    await page.getByRole('button', { name: 'Actions of qwen' }).click()
    await screenshot(page, 'terminal-panes/menu')
    await page.getByRole('menuitem', { name: 'Split down' }).click()
    await expect.poll(focused).toBe('Pane 3 of 3')
    await areOpen(3)
    expect(await tab('qwen').textContent()).toMatch(/^qwen3, 3 panes/)

    shapeBefore = shapeOf((await splitTab())?.layout)
    await page.keyboard.press('Control+Shift+KeyO')
    await tab('qwen').waitFor({ state: 'detached' })
    expect((await splitTab())?.windowId).toEqual(expect.any(String))
  })

  describe('after the app was killed', () => {
    beforeAll(async () => {
      await scene.crashAndRestart()
      page = await mainWindow()
    })

    test('the terminal is as it was, with what ran in it', async () => {
      await showTab('llama')
      await expect.poll(text).toMatch(/row 200\n\s*pink ─ ok/)
      await type('llama', 'the same cat\r')
      await expect.poll(text).toMatch(/row 200\n\s*pink ─ ok\nthe same cat\nthe same cat/)
      await page.keyboard.press('Shift+PageUp')
      await screenshot(page, 'terminal-kept/after-kill')
      await isTitled('llama', 'training run')
      await expect.poll(() => terminal('llama')).toMatchObject({ isKept: true, notice: null })
      const saved = () => readFileSync(join(scene.running.dataDir, 'terminal-tabs.json'), 'utf8')
      await expect.poll(saved).toContain('"command":"cat"')
    })

    test('the one through the proxy is in the same session, which ends with its tab', async () => {
      await showTab('mixtral')
      await expect.poll(text).toMatch(/here in \[\]\n+after the break\n+after the break/)
      await type('mixtral', 'the same cat\r')
      await expect.poll(text).toMatch(/the same cat\n+the same cat/)
      await expect.poll(() => terminal('mixtral')).toMatchObject({ isKept: true, notice: null })
      expect(mixtral.pod.sessions()).toEqual(proxySessions)
      await screenshot(page, 'terminal-kept/proxy-after-kill')
      await closeTab('mixtral')
      await expect.poll(mixtral.pod.sessions).toEqual([])
    })

    test('every session is back in its pane, in the main window, also from a window of its own', async () => {
      await showTab('qwen')
      await areOpen(3)
      await expect.poll(() => pane(2, 3).textContent()).toContain('seq 5')
      const split = await splitTab()
      expect(split?.windowId).toBeUndefined()
      expect(shapeOf(split?.layout)).toBe(shapeBefore)
    })

    test('a person who asked is notified of the end of a command, and a click shows its pane', async () => {
      await pane(2, 3).locator('.xterm-screen').click()
      await page.getByRole('button', { name: 'Actions of qwen' }).click()
      await page.getByRole('menuitem', { name: 'Notify when this command ends' }).click()
      await pane(2, 3).locator('.xterm-screen').click()
      await page.keyboard.type('sleep 1\n')
      await pane(1, 3).locator('.xterm-screen').click()
      await goTo('Costs')
      const notification = await notifications.find('Command on qwen ended')
      expect(notification.body).toContain('The exit code is unknown.')
      await notifications.click(notification)
      await expect.poll(focused).toBe('Pane 2 of 3')
    })

    test('the menu closes the tab as a whole', async () => {
      await page.getByRole('button', { name: 'Actions of qwen' }).click()
      await page.getByRole('menuitem', { name: 'Close tab' }).click()
      await page
        .getByRole('dialog', { name: 'Close qwen?' })
        .getByRole('button', { name: 'Close 3 terminals' })
        .click()
      await expect.poll(() => terminalsOn('qwen')).toEqual([])
    })
  })

  test('a terminal says that its session is gone after a restart of the pod while the app did not run', async () => {
    await scene.running.kill9()
    llama.pod.endAll()
    scene.runpod.setPod('pod-1', { stoppingS: 0, provisioningS: 0, startingS: 0 })
    scene.runpod.act('pod-1', 'stop')
    scene.runpod.act('pod-1', 'start')
    scene.running = await scene.running.relaunch()
    scene.page = await scene.running.popover()
    page = await mainWindow()
    await showTab('llama')
    const notice = page.getByRole('status').filter({ hasText: 'its session is gone' })
    await notice.waitFor()
    expect(await notice.textContent()).toContain('It was running cat')
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await screenshot(page, `terminal-kept/lost-${colorScheme}`)
    }
    await loadAxe(page)
    expect(await axeFaults(page, 'all')).toEqual([])
    await page.getByRole('button', { name: 'Dismiss' }).press('Enter')
    await expect.poll(() => notice.count()).toBe(0)

    expect(llama.pod.sessions()).toHaveLength(1)
    await closeTab('llama')
    await expect.poll(llama.pod.sessions).toEqual([])
  })
})
