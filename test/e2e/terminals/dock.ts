import type { Locator, Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { screenshot } from '../../harness/app/start/scene'
import type { TerminalHarness } from '../../harness/app/start/terminal-harness'
import type { SharedTerminalApp } from '../../harness/app/start/terminal-app'
import { waitUntil } from '../../harness/app/act/wait-until'

/* The dock below the pods keeps the height that a user sets by pointer or keyboard, including after a reload. */

const USUAL = 260
const LEAST = 140
const STEP = 24

export function describeDock(app: SharedTerminalApp): void {
  describe('the dock', () => {
    let harness: TerminalHarness
    let page: Page

    beforeAll(async () => {
      harness = await app.openTerminal('below the pods')
      page = harness.page
      await page.setViewportSize({ width: 1100, height: 800 })
    })

    const edge = (): Locator => page.getByRole('separator', { name: 'Terminal height' })
    const height = (): Promise<number> => page.evaluate('document.querySelector(".term-dock").offsetHeight')
    /** The height, minimum and maximum exposed to screen readers. */
    const told = async (): Promise<number[]> =>
      Promise.all(
        ['now', 'min', 'max'].map(async (name) => Number(await edge().getAttribute(`aria-value${name}`))),
      )
    const lines = (): Promise<number> => page.locator('.xterm-rows > div').count()
    const focused = (): Promise<string> =>
      page.evaluate(`document.activeElement.getAttribute('role') ?? document.activeElement.className`)

    async function pull(by: number, before?: () => Promise<void>): Promise<void> {
      const box = await waitUntil('the edge', () => edge().boundingBox())
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
      await page.mouse.move(x, y)
      await page.mouse.down()
      await page.mouse.move(x, y - by, { steps: 5 })
      await before?.()
      await page.mouse.up()
    }

    /** Three quarters of the window. */
    const most = (): Promise<number> => page.evaluate('Math.floor(innerHeight * 0.75)')

    test('the dock can be dragged by its edge, which resizes the terminal and keeps the focus in it', async () => {
      await expect.poll(() => page.evaluate('document.activeElement.className')).toBe('xterm-helper-textarea')
      expect(await told()).toEqual([USUAL, LEAST, await most()])
      const linesBefore = await lines()
      await pull(120, () => screenshot(page, 'terminal-dock-pulled'))
      // The page may be told of the last moves after the debugger's answer.
      await expect.poll(height).toBe(USUAL + 120)
      await expect.poll(lines).toBeGreaterThan(linesBefore + 5)
      expect(await focused()).toBe('xterm-helper-textarea')
      // After the release, the pointer moves nothing.
      await page.mouse.move(500, 100)
      expect(await height()).toBe(USUAL + 120)
      // The pod is notified of the size as well, once it stays for a moment.
      const isPodNotified = async (): Promise<boolean> => {
        await page.keyboard.type('stty size')
        await page.keyboard.press('Enter')
        const [, rows] = [...(await harness.text()).matchAll(/^(\d+) \d+$/gm)].at(-1) ?? []
        return Number(rows) === (await lines())
      }
      await expect.poll(isPodNotified, { interval: 200 }).toBe(true)
    })

    test('the dock cannot be dragged beyond its limits and reacts to the first step back', async () => {
      await pull(2_000)
      await expect.poll(height).toBe(await most())
      expect(await told()).toEqual([await most(), LEAST, await most()])
      await pull(-50)
      await expect.poll(height).toBe((await most()) - 50)
      await pull(-2_000)
      await expect.poll(height).toBe(LEAST)
      // Part of the terminal remains visible.
      await expect.poll(lines).toBeGreaterThan(2)
    })

    test('the dock can be resized with arrow keys, Home and End', async () => {
      await edge().focus()
      await page.keyboard.press('ArrowUp')
      await page.keyboard.press('ArrowUp')
      expect(await height()).toBe(LEAST + 2 * STEP)
      await page.keyboard.press('ArrowDown')
      expect(await told()).toEqual([LEAST + STEP, LEAST, await most()])
      await screenshot(page, 'terminal-dock-edge')
      await page.keyboard.press('End')
      expect(await height()).toBe(await most())
      await page.keyboard.press('ArrowUp')
      await page.keyboard.press('ArrowDown')
      expect(await height()).toBe((await most()) - STEP)
      await page.keyboard.press('Home')
      await page.keyboard.press('ArrowDown')
      expect(await height()).toBe(LEAST)
      expect(await focused()).toBe('separator')
    })

    test('the dock shrinks with a lower window and regains the chosen height', async () => {
      await edge().press('End')
      const chosen = await height()
      await page.setViewportSize({ width: 1100, height: 500 })
      await expect.poll(height).toBe(375)
      await expect.poll(told).toEqual([375, LEAST, 375])
      await page.setViewportSize({ width: 1100, height: 800 })
      await expect.poll(height).toBe(chosen)
    })

    test('the dock keeps its height and whether it is folded after a reload', async () => {
      await edge().press('Home')
      await edge().press('ArrowUp')
      await page.reload()
      await expect.poll(height).toBe(LEAST + STEP)
      await page.getByRole('button', { name: 'Hide terminals' }).click()
      await page.reload()
      await page.getByRole('button', { name: 'Show terminals' }).click()
      await expect.poll(height).toBe(LEAST + STEP)
      await expect.poll(() => harness.text()).toContain('ready$')
    })
  })
}
