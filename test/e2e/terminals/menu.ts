import type { Locator, Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { screenshot } from '../../harness/app/start/scene'
import type { TerminalHarness } from '../../harness/app/start/terminal-harness'
import type { SharedTerminalApp } from '../../harness/app/start/terminal-app'
import { pause, waitUntil } from '../../harness/app/act/wait-until'

/* The context menu of a terminal by right click and by keyboard, and copy on select. */

export function describeMenu(app: SharedTerminalApp): void {
  describe('the context menu', () => {
    let harness: TerminalHarness
    let page: Page

    beforeAll(async () => {
      harness = await app.openTerminal('below the pods')
      page = harness.page
      await page.setViewportSize({ width: 1100, height: 800 })
      await waitUntil(
        'the keyboard in the terminal',
        async () => (await focused()) === 'xterm-helper-textarea',
      )
    })

    const menu = (): Locator => page.getByRole('menu', { name: 'Terminal' })
    const focused = (): Promise<string> =>
      page.evaluate(
        `((one) => one.className.startsWith('xterm') ? one.className : one.getAttribute('data-key') ?? one.placeholder ?? one.className)(document.activeElement)`,
      )
    const clipboard = (): Promise<string> =>
      harness.scene.running.app.evaluate((electron) => electron.clipboard.readText())
    const setClipboard = (text: string): Promise<void> =>
      harness.scene.running.app.evaluate((electron, value) => electron.clipboard.writeText(value), text)

    /** The center of the latest `text`. */
    async function placeOf(text: string): Promise<{ readonly x: number; readonly y: number }> {
      const span = page.locator('.xterm-rows span', { hasText: text }).last()
      const box = await waitUntil(`${text} to be seen`, () => span.boundingBox().catch(() => null))
      return { x: box.x + Math.min(box.width, text.length * 7) / 2, y: box.y + box.height / 2 }
    }

    async function run(command: string, expected: string | RegExp): Promise<void> {
      await page.keyboard.type(command)
      await page.keyboard.press('Enter')
      await expect.poll(() => harness.text()).toMatch(expected)
    }

    /** Keys reach the menu once it has the focus, which is a moment after it is drawn. */
    async function leaveMenu(): Promise<void> {
      await page.locator('[role=menu]:focus, [role=menu] :focus').waitFor()
      await page.keyboard.press('Escape')
      await isBackInTerminal()
    }

    async function isBackInTerminal(): Promise<void> {
      await expect.poll(() => menu().count()).toBe(0)
      await expect.poll(focused).toBe('xterm-helper-textarea')
    }

    test('a right click opens the menu at the pointer, which copies the selection', async () => {
      await run('echo pick-$((1+1))', /^pick-2$/m)
      await setClipboard('before')
      const { x, y } = await placeOf('pick-2')
      await page.mouse.click(x, y, { button: 'right' })
      const copy = menu().getByRole('menuitem', { name: 'Copy' })
      expect(await copy.getAttribute('aria-disabled')).toBe('true')
      const box = await waitUntil('its place', () => menu().boundingBox())
      expect([Math.abs(box.x - x) < 12, Math.abs(box.y - y) < 12]).toEqual([true, true])
      await leaveMenu()
      await page.mouse.dblclick(x, y)
      await page.mouse.click(x, y, { button: 'right' })
      await screenshot(page, 'terminal-menu')
      await copy.click()
      await isBackInTerminal()
      await expect.poll(clipboard).toBe('pick-2')
    })

    test.each(['ContextMenu', 'Shift+F10'])(
      '%s opens the menu at the cursor, and arrow keys and Enter choose an item',
      async (stroke) => {
        await run(`echo by-${stroke}`, new RegExp(`^by-${stroke.replace('+', '\\+')}$`, 'm'))
        await page.keyboard.press(stroke)
        const box = await waitUntil('the menu', () => menu().boundingBox())
        const pane = await waitUntil('the terminal', () => page.locator('.screen').boundingBox())
        expect(box.x).toBeGreaterThanOrEqual(pane.x)
        expect(box.x).toBeLessThan(pane.x + 200)
        // Nothing is selected, and a page cannot read the clipboard.
        await expect.poll(focused).toBe('all')
        await page.keyboard.press('Enter')
        await isBackInTerminal()
        await page.keyboard.press(stroke)
        await expect.poll(focused).toBe('copy')
        await page.keyboard.press('Enter')
        await isBackInTerminal()
        await expect.poll(clipboard).toContain(`by-${stroke}`)
        // Neither key press reached the shell.
        await run('echo calm', /^ready\$ echo calm\ncalm\nready\$$/m)
      },
    )

    test('the menu starts a search with the focus in the field', async () => {
      await page.keyboard.press('ContextMenu')
      await menu().getByRole('menuitem', { name: 'Search' }).click()
      await expect.poll(focused).toBe('Search')
      await page.keyboard.press('Escape')
      await isBackInTerminal()
    })

    test('cleared output stays cleared after a reload', async () => {
      await run('for i in $(seq 1 60); do echo old-$i; done', /^old-60$/m)
      await page.keyboard.press('ContextMenu')
      await menu().getByRole('menuitem', { name: 'Clear' }).click()
      await isBackInTerminal()
      await expect.poll(() => harness.text()).toBe('ready$')
      await run('echo new-$((1+1))', /^new-2$/m)
      await page.reload()
      await expect.poll(() => harness.text()).toMatch(/^ready\$ echo new-\$\(\(1\+1\)\)\nnew-2\nready\$$/)
    })

    describe('copy on select', () => {
      const set = (isOn: boolean): Promise<unknown> =>
        page.evaluate(`window.app.changeSetting('isTerminalCopyOnSelect', ${isOn})`)

      /** Drags the pointer over the latest `text`. */
      async function pullOver(text: string): Promise<void> {
        const span = page.locator('.xterm-rows span', { hasText: text }).last()
        const { x, y, height } = await waitUntil('its place', () => span.boundingBox().catch(() => null))
        await page.mouse.move(x + 1, y + height / 2)
        await page.mouse.down()
        await page.mouse.move(x + 400, y + height / 2, { steps: 5 })
        await page.mouse.up()
      }

      /** Selects all through the menu, with the keyboard. */
      async function selectAll(): Promise<void> {
        await page.keyboard.press('ContextMenu')
        await menu().getByRole('menuitem', { name: 'Select all' }).waitFor()
        await page.keyboard.press('ArrowDown')
        while ((await focused()) !== 'all') await page.keyboard.press('ArrowDown')
        await page.keyboard.press('Enter')
        await isBackInTerminal()
        await waitUntil(
          'all to be selected',
          async () => (await page.locator('.xterm-selection div').count()) > 1,
        )
      }

      test('is off by default: a selection copies nothing', async () => {
        await page.locator('.screen').click()
        await run('echo chosen-$((1+1))', /^chosen-2$/m)
        await setClipboard('mine')
        await pullOver('chosen-2')
        await waitUntil(
          'it to be selected',
          async () => (await page.locator('.xterm-selection div').count()) > 0,
        )
        expect(await clipboard()).toBe('mine')
        // Copies with the shortcut, so that everything before it has been processed.
        await page.keyboard.press('Control+Shift+C')
        await expect.poll(clipboard).toBe('chosen-2')
      })

      test('copies what the pointer selects once it is on, by dragging or double-clicking', async () => {
        await set(true)
        await setClipboard('mine')
        await page.locator('.screen').click()
        await pullOver('chosen-2')
        await expect.poll(clipboard).toBe('chosen-2')
        await setClipboard('mine')
        const { x, y } = await placeOf('chosen-2')
        await page.mouse.dblclick(x, y)
        await expect.poll(clipboard).toBe('chosen-2')
        await expect.poll(focused).toBe('xterm-helper-textarea')
      })

      test('copies by a double click that a busy window processes late', async () => {
        await setClipboard('mine')
        await page.locator('.screen').click()
        const { x, y } = await placeOf('chosen-2')
        await page.mouse.move(x, y)
        await page.mouse.down()
        await page.evaluate(`addEventListener('mouseup', () => {
      const until = performance.now() + 300
      while (performance.now() < until);
    }, { once: true, capture: true })`)
        // The second press waits for the window when the first one ends.
        await Promise.all([page.mouse.up(), page.mouse.down({ clickCount: 2 })])
        await pause(50)
        await page.mouse.up({ clickCount: 2 })
        await expect.poll(clipboard).toBe('chosen-2')
      })

      test('ignores keyboard selections and clicks that select nothing', async () => {
        await setClipboard('mine')
        await page.locator('.screen').click()
        await selectAll()
        expect(await clipboard()).toBe('mine')
        await page.keyboard.press('Control+Shift+C')
        await expect.poll(clipboard).toContain('chosen-2')
        await setClipboard('mine')
        // Search results are selected too.
        await page.keyboard.press('Control+Shift+F')
        await expect.poll(focused).toBe('Search')
        await page.keyboard.press('Control+a')
        await page.keyboard.type('chosen')
        await expect.poll(() => page.getByRole('search').getByRole('status').textContent()).toMatch(/of/)
        await page.keyboard.press('Escape')
        expect(await clipboard()).toBe('mine')
        await set(false)
      })
    })

    test('a program with mouse support gets the right click, and with Shift the menu opens', async () => {
      await page.locator('.screen').click()
      await run(`printf '\\033[?1000h'; echo mouse-$((1+1))`, /^mouse-2\nready\$$/m)
      const { x, y } = await placeOf('mouse-2')
      await page.mouse.click(x, y, { button: 'right' })
      // The input that the program received is echoed on the line, because no program reads it.
      await expect.poll(() => harness.text()).toMatch(/ready\$ .+$/)
      expect(await menu().count()).toBe(0)
      await page.keyboard.down('Shift')
      await page.mouse.click(x, y, { button: 'right' })
      await page.keyboard.up('Shift')
      await menu().waitFor()
      await leaveMenu()
    })
  })
}
