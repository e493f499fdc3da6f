import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { screenshot, terminalsView } from '../../harness/app/start/scene'
import type { TerminalHarness } from '../../harness/app/start/terminal-harness'
import type { SharedTerminalApp } from '../../harness/app/start/terminal-app'
import { waitUntil } from '../../harness/app/act/wait-until'

/* A tab is pulled out of the main window by the real pointer of the desktop, and gets a window of its own there. */

export function describePullOut(app: SharedTerminalApp): void {
  describe('a tab that is pulled out', () => {
    let harness: TerminalHarness
    let page: Page

    beforeAll(async () => {
      harness = await app.openTerminal('on its page')
      page = harness.page
      await inMain(/html$/, (window) => window.setBounds({ x: 60, y: 60, width: 760, height: 520 }))
      await waitUntil('its size', async () => (await boundsOf(/html$/)).width === 760)
      await page.evaluate(
        'window.app.snapshot().then(({ value }) => window.app.openTerminal(value.pods[0].key))',
      )
      await waitUntil('two shells', async () => {
        const { terminals } = await view()
        return terminals.filter(({ state }) => state.kind === 'open').length === 2
      })
      await page.evaluate(`(async () => {
    const { value } = await window.app.terminals()
    await window.app.renameTerminal(value.terminals[0].id, 'one')
    await window.app.renameTerminal(value.terminals[1].id, 'two')
  })()`)
      await waitUntil('their names', async () => (await names()).join() === 'one,two')
    })

    const view = () => terminalsView(page)
    const names = () => page.locator('[role="tab"] bdi').allTextContents()
    const OWN = /html#/
    const ownPages = () => harness.scene.running.app.windows().filter((one) => OWN.test(one.url()))
    const tab = (name: string) => page.getByRole('tab', { name: new RegExp(`^${name} ?,`) })

    /** Runs in main, with the window whose address is like this. */
    const inMain = <T>(address: RegExp, run: (window: Electron.BrowserWindow) => T): Promise<T> =>
      harness.scene.running.app.evaluate(
        ({ BrowserWindow }, [source, code]) =>
          // oxlint-disable-next-line no-eval
          (0, eval)(`(${code})`)(
            BrowserWindow.getAllWindows().find(({ webContents }) =>
              new RegExp(source!).test(webContents.getURL()),
            ),
          ),
        [`window\\.${address.source}`, run.toString()],
      ) as Promise<T>
    /** The address of the window that has the focus. */
    const frontPage = () =>
      harness.scene.running.app.evaluate(
        ({ BrowserWindow }) => BrowserWindow.getFocusedWindow()?.webContents.getURL() ?? '',
      )
    const boundsOf = (address: RegExp) => inMain(address, (window) => window.getContentBounds())
    const workArea = () =>
      harness.scene.running.app.evaluate(({ screen }) => screen.getPrimaryDisplay().workArea)

    const pointer = async (...args: readonly (string | number)[]): Promise<void> =>
      void (await promisify(execFile)('xdotool', args.map(String)))

    /** Presses on a tab and moves the pointer to a point of the display. */
    async function pull(name: string, x: number, y: number): Promise<void> {
      // Another window may have the focus, and cover the tab.
      await inMain(/html$/, (window) => window.focus())
      await expect.poll(() => inMain(/html$/, (window) => window.isFocused())).toBe(true)
      const [content, box] = [await boundsOf(/html$/), await tab(name).boundingBox()]
      if (box === null) throw new Error('the tab is not to be seen')
      const [fromX, fromY] = [content.x + box.x + 24, content.y + box.y + box.height / 2].map(Math.round)
      await pointer('mousemove', fromX!, fromY!, 'mousedown', 1)
      await pointer('mousemove', fromX! + 10, fromY! + 3)
      await tab(name).and(page.locator('.pulled')).waitFor()
      await pointer('mousemove', x, y)
    }

    test('a tab that is let go outside of the window gets one of its own there, with its shell', async () => {
      await page.getByRole('tab').first().click()
      await expect
        .poll(() => page.evaluate("document.activeElement.classList.contains('xterm-helper-textarea')"))
        .toBe(true)
      await page.keyboard.type('kept=yes; echo typed-$((1+1))\n')
      await expect.poll(() => harness.text()).toContain('typed-2')
      const main = await boundsOf(/html$/)
      const at = { x: main.x + main.width + 60, y: main.y + 200 }
      await pull('one', at.x, at.y)
      await page.locator('.term-tab.leaving').waitFor()
      await screenshot(page, 'terminal-window/leaving')
      await pointer('mouseup', 1)
      const own = await waitUntil('the window of its own', () => ownPages()[0])
      await expect.poll(names).toEqual(['two'])
      await expect.poll(() => own.locator('.xterm-rows').textContent()).toContain('typed-2')
      await expect
        .poll(() => own.evaluate("document.activeElement.classList.contains('xterm-helper-textarea')"))
        .toBe(true)
      await own.keyboard.type('echo still-$kept\n')
      await expect.poll(() => own.locator('.xterm-rows').textContent()).toContain('still-yes')
      // Below the pointer, as far as the display has room, and whole on it.
      const [area, bounds] = [await workArea(), await inMain(OWN, (window) => window.getBounds())]
      const expectedX = Math.min(at.x - 80, area.x + area.width - bounds.width)
      expect(Math.abs(bounds.x - expectedX)).toBeLessThan(64)
      expect(Math.abs(bounds.y - Math.min(at.y - 40, area.y + area.height - bounds.height))).toBeLessThan(64)
      // The click closes its window.
      await Promise.allSettled([own.getByRole('button', { name: 'Move to main window' }).click()])
      await waitUntil('it to be gone', () => ownPages().length === 0)
      await expect.poll(names).toEqual(['one', 'two'])
    })

    test('it stays if it is let go within the window, where it was moved to', async () => {
      const main = await boundsOf(/html$/)
      await pull('one', main.x + main.width + 60, main.y + 200)
      await page.locator('.term-tab.leaving').waitFor()
      await pointer('mousemove', main.x + 500, main.y + 300)
      await page.locator('.term-tab.pulled:not(.leaving)').waitFor()
      await pointer('mouseup', 1)
      await expect.poll(names).toEqual(['two', 'one'])
      await pull('one', main.x + 40, main.y - 12)
      await page.locator('.term-tab.pulled:not(.leaving)').waitFor()
      await pointer('mouseup', 1)
      await expect.poll(names).toEqual(['one', 'two'])
      expect(ownPages()).toHaveLength(0)
    })

    test('at the edge of the display its window is whole, and the last tab can leave, too', async () => {
      const area = await workArea()
      for (const [name, x, y] of [
        ['two', area.x + area.width - 2, area.y + area.height - 2],
        ['one', area.x + 2, area.y + area.height - 2],
      ] as const) {
        const before = ownPages().length
        await pull(name, x, y)
        await page.locator('.term-tab.leaving').waitFor()
        await pointer('mouseup', 1)
        await waitUntil('the window of its own', () => ownPages().length === before + 1)
        const own = ownPages().at(-1)?.url() ?? ''
        await expect.poll(frontPage).toBe(own)
      }
      await expect.poll(() => page.getByRole('tab').count()).toBe(0)
      await page.getByText('No terminal is open').waitFor()
      const all = await harness.scene.running.app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()
          .filter(({ webContents }) => webContents.getURL().includes('html#'))
          .map((window) => window.getBounds()),
      )
      expect(all).toHaveLength(2)
      for (const { x, y, width, height } of all) {
        expect(x).toBeGreaterThanOrEqual(area.x)
        expect(y).toBeGreaterThanOrEqual(area.y)
        // The frame of the window manager is beyond what was asked for.
        expect(x + width).toBeLessThanOrEqual(area.x + area.width + 64)
        expect(y + height).toBeLessThanOrEqual(area.y + area.height + 64)
      }
    })
  })
}
