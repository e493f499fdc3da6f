import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Page } from 'playwright-core'
import type { TerminalView } from '../../src/core/terminal/terminal'
import { axeFaults, loadAxe } from '../harness/app/look/axe'
import { startKeyring } from '../harness/app/desktop/keyring'
import { trustHostKey } from '../harness/app/act/questions'
import { card, openScene, type Scene, screenshot, terminalsView } from '../harness/app/start/scene'
import { podAt } from '../harness/app/start/ssh-pod'
import { DRAWN_TEXT } from '../harness/app/start/terminal-harness'
import { startRelay, tempFolder } from '../harness/ssh/openssh-for-test'
import { generateKeyPair } from '../harness/ssh/openssh-server'
import { hasTmux, SHELL_ONLY, startTmuxPod } from '../harness/ssh/tmux-pod'

/* The real window, a real OpenSSH server and the real tmux. */

async function openKept(hasTmuxInPath: boolean, route: 'direct' | 'proxy' = 'direct') {
  const home = tempFolder('home')
  mkdirSync(join(home, '.ssh'), { mode: 0o700 })
  const key = generateKeyPair(join(home, '.ssh/id_ed25519'))
  const config = ['LogLevel INFO', ...(route === 'proxy' ? [SHELL_ONLY] : [])]
  const pod = await startTmuxPod({ authorized: [key.publicLine], config }, hasTmuxInPath)
  const relay = await startRelay(pod.server.port)
  const endKeyring = await startKeyring()
  onTestFinished(endKeyring)
  const spec = podAt({ ...pod.server, port: relay.port }, route)
  const scene = await openScene({ pods: [spec], launch: { env: { HOME: home } } })
  onTestFinished(() => scene.close())
  await scene.pasteKey()
  const page = await showTerminals(scene, async (window) => {
    await card(window, 'llama').getByRole('button', { name: 'Terminal on llama' }).click()
    await trustHostKey(scene.running)
  })
  return { scene, pod, relay, page }
}

/** The page of terminals in the main window. */
async function showTerminals(
  scene: Scene,
  before: (page: Page) => Promise<void> = async () => {},
): Promise<Page> {
  await scene.page.evaluate("window.app.openWindow('pods')")
  const page = await scene.running.mainWindow()
  await card(page, 'llama').waitFor()
  await before(page)
  await page.getByRole('navigation').getByRole('button', { name: 'Terminals', exact: true }).click()
  return page
}

const terminal = async (page: Page): Promise<TerminalView | undefined> =>
  (await terminalsView(page)).terminals.at(-1)
const text = (page: Page): Promise<string> => page.evaluate(DRAWN_TEXT)
async function type(page: Page, input: string): Promise<void> {
  const id = (await terminal(page))?.id
  await page.evaluate(`window.app.typeInTerminal('${id}', ${JSON.stringify(input)}, 'text')`)
}
const isOpen = (page: Page) => expect.poll(async () => (await terminal(page))?.state.kind).toBe('open')
/** A window draws what arrives before another process has read the title in it. */
const isTitled = (page: Page, title: string) =>
  expect.poll(async () => (await terminal(page))?.title).toBe(title)

test.skipIf(!hasTmux)(
  'a terminal outlives its connection and the app, and says when its session is gone',
  async () => {
    const { scene, pod, relay, page: first } = await openKept(true)
    await isOpen(first)
    await expect.poll(() => text(first)).toContain('ready$')
    // True color, a title, a link, and lines for the scrollback.
    await type(
      first,
      `seq -f 'row %g' 1 200; printf '\\033[38;2;120;20;90mpink\\033[0m \\033]2;training run\\007\\342\\224\\200 ok\\n'; cat\r`,
    )
    await expect.poll(() => text(first)).toMatch(/row 200\n\s*pink ─ ok/)
    await isTitled(first, 'training run')
    const colorOf = () =>
      first.evaluate<string>(
        `getComputedStyle([...document.querySelectorAll('.xterm-rows span')].find((one) => one.textContent === 'pink')).color`,
      )
    await expect.poll(colorOf).toBe('rgb(120, 20, 90)')
    await screenshot(first, 'terminal-kept/open')

    // Nothing of it is for the shell that comes next.
    relay.cutAfter(0)
    relay.cut()
    await type(first, 'after the break\r').catch(() => {})
    const forwarded = relay.forwardedBytes()
    relay.cutAfter(Infinity)
    // The app may notice late. A new connection says that it has.
    await expect.poll(relay.forwardedBytes).toBeGreaterThan(forwarded)
    await isOpen(first)
    await expect.poll(async () => (await terminal(first))?.connection?.server.port).toBe(relay.port)
    await expect.poll(() => text(first)).toMatch(/row 200\n\s*pink ─ ok/)
    await expect.poll(colorOf).toBe('rgb(120, 20, 90)')
    await isTitled(first, 'training run')

    await scene.crashAndRestart()
    const page = await showTerminals(scene)
    await isOpen(page)
    await expect.poll(() => text(page)).toMatch(/row 200\n\s*pink ─ ok/)
    await type(page, 'the same cat\r')
    await expect.poll(() => text(page)).toMatch(/row 200\n\s*pink ─ ok\nthe same cat\nthe same cat/)
    await page.keyboard.press('Shift+PageUp')
    await screenshot(page, 'terminal-kept/after-kill')
    await isTitled(page, 'training run')
    await expect.poll(() => terminal(page)).toMatchObject({ isKept: true, notice: null })

    const saved = () => readFileSync(join(scene.running.dataDir, 'terminal-tabs.json'), 'utf8')
    await expect.poll(saved).toContain('"command":"cat"')
    await scene.running.kill9()
    pod.endAll()
    scene.runpod.setPod('pod-1', { stoppingS: 0, provisioningS: 0, startingS: 0 })
    scene.runpod.act('pod-1', 'stop')
    scene.runpod.act('pod-1', 'start')
    scene.running = await scene.running.relaunch()
    scene.page = await scene.running.popover()
    const again = await showTerminals(scene)
    await isOpen(again)
    const notice = again.getByRole('status').filter({ hasText: 'its session is gone' })
    await notice.waitFor()
    expect(await notice.textContent()).toContain('It was running cat')
    for (const colorScheme of ['light', 'dark'] as const) {
      await again.emulateMedia({ colorScheme })
      await screenshot(again, `terminal-kept/lost-${colorScheme}`)
    }
    await loadAxe(again)
    expect(await axeFaults(again, 'all')).toEqual([])
    await again.getByRole('button', { name: 'Dismiss' }).press('Enter')
    await expect.poll(() => notice.count()).toBe(0)

    expect(pod.sessions()).toHaveLength(1)
    await again.getByRole('tab').press('Delete')
    await again.getByRole('button', { name: 'Close terminal' }).press('Enter')
    await expect.poll(() => pod.sessions()).toEqual([])
  },
)

test.skipIf(!hasTmux)(
  'a terminal through the proxy, which offers a shell only, outlives its connection and the app, too',
  async () => {
    const { scene, pod, relay, page: first } = await openKept(true, 'proxy')
    await isOpen(first)
    await expect.poll(() => text(first)).toContain('ready$')
    expect(await text(first)).not.toMatch(/tmux|HISTFILE/)
    await expect
      .poll(() => terminal(first))
      .toMatchObject({ isKept: true, connection: { server: { route: 'proxy' } } })
    await type(first, 'echo "here in [$TMUX]"; cat\r')
    await expect.poll(() => text(first)).toContain('here in []')
    const [session] = pod.sessions()

    const forwarded = relay.forwardedBytes()
    relay.cut()
    // The app may notice late. A new connection says that it has.
    await expect.poll(relay.forwardedBytes).toBeGreaterThan(forwarded)
    await isOpen(first)
    await type(first, 'after the break\r')
    await expect.poll(() => text(first)).toMatch(/after the break\n+after the break/)

    await scene.crashAndRestart()
    const page = await showTerminals(scene)
    await isOpen(page)
    await expect.poll(() => text(page)).toMatch(/here in \[\]\n+after the break\n+after the break/)
    await type(page, 'the same cat\r')
    await expect.poll(() => text(page)).toMatch(/the same cat\n+the same cat/)
    await expect.poll(() => terminal(page)).toMatchObject({ isKept: true, notice: null })
    expect(pod.sessions()).toEqual([session])
    await screenshot(page, 'terminal-kept/proxy-after-kill')

    await page.getByRole('tab').press('Delete')
    await page.getByRole('button', { name: 'Close terminal' }).press('Enter')
    await expect.poll(() => pod.sessions()).toEqual([])
  },
)

test('without tmux a terminal says what was lost, and types the command that installs it, but doesn’t run it', async () => {
  const { relay, page } = await openKept(false)
  await isOpen(page)
  await expect.poll(() => text(page)).toContain('ready$')
  relay.cut()
  const notice = page.getByRole('status').filter({ hasText: 'the shell and what ran in it' })
  await notice.waitFor()
  await screenshot(page, 'terminal-kept/no-tmux')
  const before = await text(page)
  await page.getByRole('button', { name: 'Type this command' }).press('Enter')
  await expect.poll(() => text(page)).toMatch(/ready\$ apt-get update && apt-get install -y tmux$/)
  expect(before).not.toContain('apt-get')
  await expect.poll(() => notice.count()).toBe(0)
  await expect.poll(() => page.evaluate('document.activeElement.className')).toContain('xterm')
})
