import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { axeFaults, loadAxe } from '../harness/app/look/axe'
import { startKeyring } from '../harness/app/desktop/keyring'
import { Notifications } from '../harness/app/desktop/notifications'
import { trustHostKey } from '../harness/app/act/questions'
import { card, openScene, type Scene, screenshot, terminalsView } from '../harness/app/start/scene'
import { podAt } from '../harness/app/start/ssh-pod'
import { tempFolder } from '../harness/ssh/openssh-for-test'
import { generateKeyPair } from '../harness/ssh/openssh-server'
import { hasTmux, startTmuxPod } from '../harness/ssh/tmux-pod'

/* Panes of a terminal tab in the real window, over real OpenSSH and tmux: by keyboard and by pointer, through a crash. */

async function openScenePage() {
  const home = tempFolder('home')
  mkdirSync(join(home, '.ssh'), { mode: 0o700 })
  const key = generateKeyPair(join(home, '.ssh/id_ed25519'))
  const { server, tmux } = await startTmuxPod({ authorized: [key.publicLine] })
  onTestFinished(await startKeyring())
  const notifications = await Notifications.listen()
  onTestFinished(() => notifications.disconnect())
  const scene = await openScene({ pods: [podAt(server)], launch: { env: { HOME: home } } })
  onTestFinished(() => scene.close())
  await scene.pasteKey()
  const page = await terminalsPage(scene, async (window) => {
    await card(window, 'llama').getByRole('button', { name: 'Terminal on llama' }).click()
    await trustHostKey(scene.running)
  })
  return { scene, page, notifications, tmux }
}

async function terminalsPage(scene: Scene, before: (page: Page) => Promise<void> = async () => {}) {
  await scene.page.evaluate("window.app.openWindow('pods')")
  const page = await scene.running.mainWindow()
  await page.setViewportSize({ width: 1_180, height: 820 })
  await card(page, 'llama').waitFor()
  await before(page)
  await page.getByRole('navigation').getByRole('button', { name: 'Terminals', exact: true }).click()
  return page
}

const pane = (page: Page, index: number, count: number) =>
  page.getByRole('group', { name: `Pane ${index} of ${count}`, exact: true })
/** The pane with the focus, by its accessible name. */
const focused = (page: Page) =>
  page.evaluate<string | undefined>(
    `document.activeElement.closest('.split-pane')?.getAttribute('aria-label') ?? undefined`,
  )
const areOpen = (page: Page, count: number) =>
  expect
    .poll(async () => (await terminalsView(page)).terminals.map(({ state }) => state.kind))
    .toEqual(Array(count).fill('open'))

test.skipIf(!hasTmux)(
  'a tab is split, resized and closed by keyboard and pointer, and comes back',
  async () => {
    const { scene, page, notifications, tmux } = await openScenePage()
    await areOpen(page, 1)
    await expect.poll(() => page.locator('.xterm-rows').textContent()).toContain('ready$')
    await page.locator('.xterm-helper-textarea').focus()

    await page.emulateMedia({ colorScheme: 'dark' })

    // By keyboard: the new pane has the focus, and what is typed goes to it only.
    await page.keyboard.press('Control+Backslash')
    await expect.poll(() => focused(page)).toBe('Pane 2 of 2')
    await areOpen(page, 2)
    await expect.poll(() => pane(page, 2, 2).textContent()).toContain('ready$')
    await page.keyboard.type('echo right-$((1+1))\n')
    await expect.poll(() => pane(page, 2, 2).textContent()).toContain('right-2')
    await page.keyboard.press('Control+Shift+Backslash')
    await expect.poll(() => focused(page)).toBe('Pane 3 of 3')
    await areOpen(page, 3)
    await expect.poll(() => pane(page, 3, 3).textContent()).toContain('ready$')
    await page.keyboard.type('seq 5\n')
    await page.keyboard.press('Alt+ArrowUp')
    await expect.poll(() => focused(page)).toBe('Pane 2 of 3')
    await page.keyboard.press('Alt+ArrowRight')
    await page.keyboard.press('Alt+ArrowLeft')
    await expect.poll(() => focused(page)).toBe('Pane 1 of 3')
    await page.keyboard.type('echo left-$((1+1))\n')
    await expect.poll(() => pane(page, 1, 3).textContent()).toContain('left-2')
    expect(await pane(page, 2, 3).textContent()).not.toContain('left-2')
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
    expect(await focused(page)).toBe('Pane 1 of 3')
    const ratio = async () => {
      const [tab] = (await terminalsView(page)).tabs
      return tab?.layout.kind === 'split' ? tab.layout.ratio : null
    }
    await expect.poll(ratio).toBeCloseTo(0.3, 1)
    await divider.focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await expect.poll(ratio).toBeCloseTo(0.34, 1)
    await expect
      .poll(async () => (await pane(page, 1, 3).boundingBox())!.width / whole.width)
      .toBeCloseTo(0.34, 1)
    await expect.poll(() => tmux('list-panes', '-a', '-F', '#{pane_width}')).toMatch(/^[34]\d$/m)

    // A click chooses a pane, and closing it asks and leaves the focus in its neighbor.
    await pane(page, 2, 3).locator('.xterm-screen').click()
    await expect.poll(() => focused(page)).toBe('Pane 2 of 3')
    await page.keyboard.press('Control+Shift+KeyW')
    const question = page.getByRole('dialog', { name: 'Close this pane of llama?' })
    await question.waitFor()
    await question.getByRole('button', { name: 'Close terminal' }).click()
    await expect.poll(() => focused(page)).toBe('Pane 2 of 2')
    await expect.poll(() => pane(page, 2, 2).textContent()).toContain('seq 5')

    // The menu splits, too, and closes the tab as a whole.
    await page.getByRole('button', { name: 'More for llama' }).click()
    await screenshot(page, 'terminal-panes/menu')
    await page.getByRole('menuitem', { name: 'Split down' }).click()
    await expect.poll(() => focused(page)).toBe('Pane 3 of 3')
    await areOpen(page, 3)
    expect(await page.getByRole('tab').textContent()).toMatch(/^llama3, 3 panes/)

    // After a crash every session is back in its pane, in the main window, also from a window of its own.
    const before = await terminalsView(page)
    await page.keyboard.press('Control+Shift+KeyO')
    await page.getByText('No terminal is open').waitFor()
    expect((await terminalsView(page)).tabs[0]?.windowId).toEqual(expect.any(String))
    await scene.crashAndRestart()
    const again = await terminalsPage(scene)
    await areOpen(again, 3)
    await expect.poll(() => pane(again, 2, 3).textContent()).toContain('seq 5')
    expect((await terminalsView(again)).tabs[0]?.windowId).toBeUndefined()
    const shape = (layout: unknown) => JSON.stringify(layout).replaceAll(/"id":"[^"]*"/g, '')
    expect(shape((await terminalsView(again)).tabs[0]?.layout)).toBe(shape(before.tabs[0]?.layout))

    // A person who asked is notified of the end of a command, and a click shows its pane.
    await pane(again, 2, 3).locator('.xterm-screen').click()
    await again.getByRole('button', { name: 'More for llama' }).click()
    await again.getByRole('menuitem', { name: 'Notify when this command ends' }).click()
    await pane(again, 2, 3).locator('.xterm-screen').click()
    await again.keyboard.type('sleep 1\n')
    await pane(again, 1, 3).locator('.xterm-screen').click()
    await again.getByRole('navigation').getByRole('button', { name: 'Costs', exact: true }).click()
    const notification = await notifications.find('Command on llama ended')
    expect(notification.body).toContain('The exit code is unknown.')
    await notifications.click(notification)
    await expect.poll(() => focused(again)).toBe('Pane 2 of 3')

    await again.getByRole('button', { name: 'More for llama' }).click()
    await again.getByRole('menuitem', { name: 'Close tab' }).click()
    await again
      .getByRole('dialog', { name: 'Close llama?' })
      .getByRole('button', { name: 'Close 3 terminals' })
      .click()
    await expect.poll(async () => (await terminalsView(again)).terminals).toEqual([])
  },
)
