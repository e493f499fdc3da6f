import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { axeFaults, loadAxe } from '../../harness/app/look/axe'
import { screenshot, terminalsView } from '../../harness/app/start/scene'
import type { TerminalHarness } from '../../harness/app/start/terminal-harness'
import type { SharedTerminalApp } from '../../harness/app/start/terminal-app'
import { waitUntil } from '../../harness/app/act/wait-until'

/* A tab of terminals moves to a window of its own and back, over real OpenSSH, by keyboard, menu, button and palette. */

export function describeWindow(app: SharedTerminalApp): void {
  describe('a window of its own', () => {
    let harness: TerminalHarness
    let page: Page

    beforeAll(async () => {
      harness = await app.openTerminal('on its page')
      page = harness.page
      await page.setViewportSize({ width: 1_180, height: 820 })
    })

    const ownPages = () =>
      harness.scene.running.app
        .windows()
        .filter((one) => one.url().startsWith('podkeeper://app/window.html#'))
    const ownWindow = () => waitUntil('the window of its own', () => ownPages()[0])
    /** Its page is gone from memory, too. */
    const noOwnWindow = () =>
      waitUntil('the window of its own to be gone', async () => {
        const addresses = await harness.scene.running.app.evaluate(({ webContents }) =>
          webContents.getAllWebContents().map((contents) => contents.getURL()),
        )
        return ownPages().length === 0 && !addresses.some((address) => address.includes('window.html#'))
      })
    /** The window may close before the keys are let go. */
    async function moveBack(own: Page): Promise<void> {
      await Promise.allSettled([own.keyboard.press('Control+Shift+KeyO')])
      await noOwnWindow()
    }
    const view = () => terminalsView(page)
    const isTyping = (of: Page) =>
      expect
        .poll(() => of.evaluate("document.activeElement.classList.contains('xterm-helper-textarea')"))
        .toBe(true)
    /** A window can give the focus to its first pane, and then to the one that had it. */
    const isTypingIn = (place: Locator) =>
      expect
        .poll(() =>
          place.locator('.xterm-helper-textarea').evaluate((one) => one === one.ownerDocument.activeElement),
        )
        .toBe(true)
    const pane = (of: Page, index: number, count: number) =>
      of.getByRole('group', { name: `Pane ${index} of ${count}`, exact: true })
    const areOpen = (count: number) =>
      expect
        .poll(async () => (await view()).terminals.map(({ state }) => state.kind))
        .toEqual(Array(count).fill('open'))

    /** Runs in main, with the window of its own. */
    const inMain = <T>(run: (window: Electron.BrowserWindow) => T): Promise<T> =>
      harness.scene.running.app.evaluate(
        ({ BrowserWindow }, code) =>
          // oxlint-disable-next-line no-eval
          (0, eval)(`(${code})`)(
            BrowserWindow.getAllWindows().find(({ webContents }) =>
              webContents.getURL().includes('window.html#'),
            ),
          ),
        run.toString(),
      ) as Promise<T>

    /** All that the page itself holds of a terminal, with its scrollback. */
    async function wholeText(of: Page, place = of.locator('.pane')): Promise<string> {
      const { app } = harness.scene.running
      await app.evaluate(({ clipboard }) => clipboard.writeText(''))
      await place.locator('.xterm-screen').click({ button: 'right' })
      await of.getByRole('menuitem', { name: 'Select all' }).click()
      await isTypingIn(place)
      await of.keyboard.press('Control+Shift+KeyC')
      const text = await waitUntil(
        'a copy',
        async () => (await app.evaluate(({ clipboard }) => clipboard.readText())) || null,
      )
      await place.locator('.xterm-screen').click()
      return text.replaceAll(/[ \r]+$/gm, '').trimEnd()
    }

    test('what runs in its panes continues in the other window, with nothing lost or repeated', async () => {
      await page.locator('.xterm-helper-textarea').focus()
      await page.keyboard.press('Control+Backslash')
      await areOpen(2)
      await isTypingIn(pane(page, 2, 2))
      await expect.poll(() => pane(page, 2, 2).textContent()).toContain('ready$')
      const stop = join(harness.home, 'stop')
      await page.keyboard.type(
        `i=0; until [ -e ${stop} ]; do i=$((i+1)); echo "n-$i"; [ $((i % 20)) = 0 ] && sleep 0.05; done; echo "all-$i"\n`,
      )
      await expect.poll(() => pane(page, 2, 2).textContent()).toMatch(/n-\d\d\d/)
      await page.keyboard.press('Control+Shift+KeyO')
      const own = await ownWindow()
      await isTyping(own)
      const count = async () =>
        Number(/n-(\d+)(?!.*n-)/.exec((await pane(own, 2, 2).textContent()) ?? '')?.[1])
      let seen = 0
      await expect.poll(async () => (seen = await count())).toBeGreaterThan(0)
      await expect.poll(count).toBeGreaterThan(seen + 100)
      writeFileSync(stop, '')
      await expect.poll(() => pane(own, 2, 2).textContent()).toContain('all-')
      const text = await wholeText(own, pane(own, 2, 2))
      const numbers = [...text.matchAll(/^n-(\d+)$/gm)].map(([, number]) => Number(number))
      expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index))
      expect(text).toContain(`all-${numbers.at(-1)}`)
      // The same screen in both windows, also when it moves back.
      // The click closes its window.
      await Promise.allSettled([own.getByRole('button', { name: 'Move to main window' }).click()])
      await noOwnWindow()
      await isTyping(page)
      await expect.poll(() => pane(page, 2, 2).textContent()).toContain('all-')
      expect(await wholeText(page, pane(page, 2, 2))).toBe(text)
    })

    test('it is named, fully usable by keyboard, and only it reads and types', async () => {
      const other = await page.evaluate<string>(
        'window.app.snapshot().then(({ value }) => window.app.openTerminal(value.pods[0].key)).then(({ value }) => value)',
      )
      await areOpen(3)
      await expect.poll(() => page.getByRole('tab').count()).toBe(2)
      await page.getByRole('tab').first().click()
      await isTyping(page)
      await page.keyboard.press('Control+Shift+KeyK')
      await page.locator('.palette-field input').fill('pop out')
      await screenshot(page, 'terminal-window/palette')
      await page.keyboard.press('Enter')
      const own = await ownWindow()
      // The pane that had the focus has it there, too.
      await isTypingIn(pane(own, 2, 2))
      await own.keyboard.type('echo typed-$((1+1))\n')
      await expect.poll(() => pane(own, 2, 2).textContent()).toContain('typed-2')
      expect(await own.title()).toBe('llama – Podkeeper')
      await expect.poll(() => inMain((window) => window.getTitle())).toBe('llama – Podkeeper')
      await expect.poll(() => page.getByRole('tab').count()).toBe(1)

      const [first] = (await view()).terminals
      const tried = (where: Page, id: string | undefined) =>
        where.evaluate<readonly boolean[]>(`Promise.all([
      window.app.typeInTerminal('${id}', 'x', 'text'),
      window.app.attachTerminal('${id}', { columns: 80, rows: 24 }),
      window.app.resizeTerminal('${id}', { columns: 80, rows: 24 }),
    ]).then((answers) => answers.map(({ ok }) => ok))`)
      expect(await tried(page, first?.id)).toEqual([false, false, false])
      expect(await tried(own, other)).toEqual([false, false, false])
      expect(await tried(page, other)).toEqual([true, true, true])
      expect(await pane(own, 1, 2).textContent()).not.toContain('x')

      await own.getByRole('button', { name: 'Split right' }).click()
      await isTyping(own)
      await areOpen(4)
      await expect.poll(() => pane(own, 3, 3).textContent()).toContain('ready$')
      await own.emulateMedia({ colorScheme: 'dark' })
      await screenshot(own, 'terminal-window/dark')
      await loadAxe(own)
      expect(await axeFaults(own, 'all')).toEqual([])
      await own.emulateMedia({ colorScheme: 'light' })
      await screenshot(own, 'terminal-window/light')
      expect(await axeFaults(own, 'contrast')).toEqual([])
      await own.keyboard.press('Control+Shift+KeyK')
      await own.locator('.palette-field input').fill('main window')
      await screenshot(own, 'terminal-window/palette-own')
      await own.keyboard.press('Escape')

      // The main window leads to it.
      await page.getByRole('button', { name: 'Show the window of llama' }).waitFor()
      await loadAxe(page)
      expect(await axeFaults(page, 'all')).toEqual([])
      await screenshot(page, 'terminal-window/main')
      await inMain((window) => window.minimize())
      await expect.poll(() => inMain((window) => window.isMinimized())).toBe(true)
      await page.getByRole('button', { name: 'Show the window of llama' }).click()
      await expect.poll(() => inMain((window) => window.isMinimized())).toBe(false)

      await own.getByRole('button', { name: 'Actions of llama' }).click()
      await screenshot(own, 'terminal-window/menu')
      await own.getByRole('menuitem', { name: 'Close pane' }).click()
      await own.getByRole('dialog').getByRole('button', { name: 'Close terminal' }).click()
      await areOpen(3)
      await isTyping(own)
      await moveBack(own)
      await isTyping(page)
      await expect.poll(() => pane(page, 2, 2).textContent()).toContain('typed-2')
    })

    test('it can do no more than the main window, and a hostile page in it keeps nothing', async () => {
      await page.getByRole('button', { name: 'Move to its own window' }).click()
      const own = await ownWindow()
      await isTyping(own)
      const preferences = await harness.scene.running.app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()
          .filter(({ webContents }) => /window/.test(webContents.getURL()))
          .map(({ webContents }) => {
            const { preload, ...rest } = (
              webContents as unknown as { getLastWebPreferences(): Record<string, unknown> }
            ).getLastWebPreferences()
            return { preload: String(preload), ...rest }
          }),
      )
      expect(preferences).toHaveLength(2)
      expect(preferences[0]).toEqual(preferences[1])
      expect(await own.evaluate('Object.keys(window.app).sort()')).toEqual(
        await page.evaluate('Object.keys(window.app).sort()'),
      )
      const address = own.url()
      for (const attack of [
        "document.head.append(Object.assign(document.createElement('script'), { text: 'window.ran = 1' }))",
        "window.open('podkeeper://app/window.html')",
        "location.href = 'https://example.org/'",
        "location.href = 'podkeeper://app/index.html'",
        "fetch('podkeeper://app/index.html').then(() => (window.ran = 1))",
      ])
        await own.evaluate(`(() => { try { ${attack} } catch {} })()`)
      expect(await own.evaluate('[typeof window.ran, typeof window.confirmation, typeof require]')).toEqual(
        Array(3).fill('undefined'),
      )
      expect(own.url()).toBe(address)
      // Its fragment is only what it shows: another one gives it no other terminal.
      await own.evaluate("location.hash = 'another'")
      const [, , other] = (await view()).terminals
      expect(
        await own.evaluate(`window.app.typeInTerminal('${other?.id}', 'x', 'text').then(({ ok }) => ok)`),
      ).toBe(false)
      // It can't refuse to be closed, and what it showed is in the main window again.
      await own.evaluate("window.onbeforeunload = () => 'stay'; document.body.click()")
      await inMain((window) => window.setBounds({ x: 60, y: 50, width: 700, height: 480 }))
      await expect.poll(() => inMain((window) => window.getBounds().width)).toBe(700)
      await expect.poll(() => inMain((window) => window.getBounds().x)).toBeLessThan(120)
      const bounds = await inMain((window) => window.getBounds())
      await inMain((window) => window.close())
      await noOwnWindow()
      await expect.poll(() => page.getByRole('tab').count()).toBe(2)
      await areOpen(3)
      await page.getByRole('tab').first().click()
      await isTyping(page)

      // The next one is where this one was. A page that is lost comes back, and the main window isn't needed.
      await page.keyboard.press('Control+Shift+KeyO')
      const next = await ownWindow()
      await isTyping(next)
      const again = await inMain((window) => window.getBounds())
      expect({ ...again, x: 0, y: 0 }).toEqual({ ...bounds, x: 0, y: 0 })
      // Some window managers count the frame in.
      expect(Math.max(again.x - bounds.x, again.y - bounds.y)).toBeLessThan(64)
      await next.evaluate('window.isOld = true')
      await inMain((window) => window.webContents.reload())
      await expect.poll(() => next.evaluate('window.isOld === undefined').catch(() => false)).toBe(true)
      await isTypingIn(pane(next, 1, 2))
      await expect.poll(() => pane(next, 2, 2).textContent()).toContain('typed-2')
      await harness.scene.running.app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()
          .find(({ webContents }) => webContents.getURL().endsWith('window.html'))
          ?.destroy(),
      )
      await waitUntil('the main window to be gone', () => page.isClosed())
      await next.keyboard.type('echo alone-$((1+1))\n')
      await expect.poll(() => pane(next, 1, 2).textContent()).toContain('alone-2')
      await moveBack(next)
      const main = await harness.scene.running.mainWindow()
      await isTyping(main)
      await expect.poll(() => pane(main, 1, 2).textContent()).toContain('alone-2')
    })
  })
}
