import type { Locator, Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { screenshot } from '../../harness/app/start/scene'
import type { TerminalHarness } from '../../harness/app/start/terminal-harness'
import type { SharedTerminalApp } from '../../harness/app/start/terminal-app'
import { waitUntil } from '../../harness/app/act/wait-until'

/* Tabs can be dragged with the pointer and moved with the keyboard, and keep their order after a reload. */

const FIRST = ['one', 'two', 'three'] as const

export function describeTabs(app: SharedTerminalApp): void {
  describe('tabs', () => {
    let harness: TerminalHarness
    let page: Page

    beforeAll(async () => {
      harness = await app.openTerminal('below the pods')
      page = harness.page
      await page.setViewportSize({ width: 1100, height: 760 })
      await rename(FIRST[0])
      for (const name of FIRST.slice(1)) await add(name)
    })

    const tab = (name: string): Locator => page.getByRole('tab', { name: new RegExp(`^${name} ?,`) })
    const names = (): Promise<string[]> => page.locator('[role="tab"] bdi').allTextContents()
    const shown = (): Promise<string | null> =>
      page.locator('[role="tab"][aria-selected="true"] bdi').textContent()
    const focused = (): Promise<string> =>
      page.evaluate(
        `(({ classList, textContent }) => classList.contains('xterm-helper-textarea') ? 'terminal' : textContent)(document.activeElement)`,
      )

    async function rename(name: string): Promise<void> {
      await page.evaluate(
        `window.app.renameTerminal(${JSON.stringify((await harness.terminal()).id)}, ${JSON.stringify(name)})`,
      )
      await tab(name).waitFor()
    }

    async function add(name: string): Promise<void> {
      const count = await page.getByRole('tab').count()
      await page.getByRole('button', { name: 'New terminal' }).click()
      await page.getByRole('menuitem', { name: 'llama' }).click()
      await waitUntil('its tab', async () => (await page.getByRole('tab').count()) === count + 1)
      await waitUntil('its shell', async () => (await harness.terminal()).state.kind === 'open')
      await rename(name)
    }

    /** Drags the center of a tab to this fraction of another tab's width; `before` runs before the release. */
    async function pull(name: string, to: string, part: number, before?: () => Promise<void>): Promise<void> {
      const [from, over] = await Promise.all([tab(name).boundingBox(), tab(to).boundingBox()])
      if (from === null || over === null) throw new Error('a tab is not to be seen')
      const y = from.y + from.height / 2
      await page.mouse.move(from.x + from.width / 2, y)
      await page.mouse.down()
      await page.mouse.move(over.x + over.width * part, y, { steps: 6 })
      await before?.()
      await page.mouse.up()
    }

    async function typeMark(mark: string): Promise<void> {
      await expect.poll(focused).toBe('terminal')
      await page.keyboard.type(`echo ${mark}-$((1+1))`)
      await page.keyboard.press('Enter')
      await expect.poll(() => harness.text()).toContain(`${mark}-2`)
    }

    test('a tab can be dragged over others to either side, is selected, and gives its terminal the focus', async () => {
      await pull('one', 'three', 0.8, () => screenshot(page, 'terminal-tab-pulled'))
      await expect.poll(names).toEqual(['two', 'three', 'one'])
      await expect.poll(shown).toBe('one')
      await typeMark('pulled-one')
      await pull('three', 'two', 0.2)
      await expect.poll(names).toEqual(['three', 'two', 'one'])
      await expect.poll(shown).toBe('three')
      await typeMark('pulled-three')
    })

    test('a drag that ends at its start moves nothing and is not a click', async () => {
      await pull('two', 'two', 0.9)
      await tab('one').click()
      await expect.poll(shown).toBe('one')
      await expect.poll(() => harness.text()).toContain('pulled-one-2')
      expect(await names()).toEqual(['three', 'two', 'one'])
    })

    test('the keyboard moves the focused tab, keeps the focus on it, and stops at an end', async () => {
      await expect.poll(focused).toBe('terminal')
      await page.keyboard.press('Control+Shift+L')
      await expect.poll(focused).toContain('one')
      for (const order of ['three one two', 'one three two', 'one three two']) {
        await page.keyboard.press('Control+Shift+ArrowLeft')
        await expect.poll(async () => (await names()).join(' ')).toBe(order)
        await expect.poll(focused).toContain('one')
      }
      await page.keyboard.press('Control+Shift+ArrowRight')
      await expect.poll(names).toEqual(['three', 'one', 'two'])
      await expect.poll(focused).toContain('one')
      await page.keyboard.press('Enter')
      await expect.poll(focused).toBe('terminal')
    })

    test('a shortcut moves the tab from within a terminal and keeps the focus there', async () => {
      await page.keyboard.press('Control+Shift+PageDown')
      await expect.poll(names).toEqual(['three', 'two', 'one'])
      await expect.poll(focused).toBe('terminal')
      await typeMark('still-one')
    })

    test("the terminal's menu moves the tab as well", async () => {
      await page.getByRole('button', { name: 'Actions of one' }).click()
      await page.getByRole('menuitem', { name: 'Move left' }).click()
      await expect.poll(names).toEqual(['three', 'one', 'two'])
    })

    test('the order of tabs is unchanged after a reload', async () => {
      await page.reload()
      await page.getByRole('navigation').getByRole('button', { name: 'Pods' }).click()
      await expect.poll(names).toEqual(['three', 'one', 'two'])
      await tab('one').click()
      await expect.poll(() => harness.text()).toContain('still-one-2')
    })

    test('the selected tab is visible even if there are more tabs than space', async () => {
      await page.setViewportSize({ width: 760, height: 700 })
      for (let more = 1; more <= 5; more++) await add(`quite a long name for number ${more}`)
      for (const wanted of ['three', 'quite a long name for number 5']) {
        // Wraps around, using the shortcut that keeps the focus in the terminal.
        await tab('two').focus()
        await page.keyboard.press('Home')
        await page.keyboard.press('Enter')
        await expect.poll(focused).toBe('terminal')
        if (wanted !== 'three') await page.keyboard.press('Control+Shift+Tab')
        await expect.poll(shown).toBe(wanted)
        await waitUntil(`${wanted} to be in sight`, () =>
          page.evaluate<boolean>(`(() => {
        const bar = document.querySelector('[role="tablist"]').getBoundingClientRect()
        const one = document.querySelector('[role="tab"][aria-selected="true"]').getBoundingClientRect()
        return one.left >= bar.left - 1 && one.right <= bar.right + 1
      })()`),
        )
      }
    })
  })
}
