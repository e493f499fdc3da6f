import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createFleet } from '../../src/simulator/create-fleet'
import { waitUntil } from '../harness/app/act/wait-until'
import { actionsSent, card, openScene, type Scene, screenshot, VOLUME } from '../harness/app/start/scene'

/* Forty pods in the popover: what needs the user first, in rows that open, and at its top each time it opens. */

let scene: Scene
let popover: Page

beforeAll(async () => {
  const idle = ['anna', 'bert'].map((name, index) => ({
    id: name,
    name,
    mode: 'idle' as const,
    costPerHourUsd: 90 - index,
    ...VOLUME,
  }))
  scene = await openScene({
    pods: [...idle, ...createFleet(38, 7)],
    settings: { undoS: 60, idleAlertAfterMin: 0.05, monthlyBudgetUsd: '500' },
  })
  await scene.pasteKey()
  popover = scene.page
  await popover.setViewportSize({ width: 400, height: 720 })
  await waitUntil('the idle pods', async () => {
    await popover.mouse.move(200, 5)
    return (await names()).slice(0, 2).join() === 'anna,bert'
  })
})
afterAll(() => scene?.close())

const articles = () => popover.getByRole('article')
const names = () => articles().locator('bdi').allTextContents()
const row = (name: string) => card(popover, name).getByRole('button', { name, exact: true })
const isOpen = async (name: string): Promise<boolean> =>
  (await card(popover, name)
    .getByRole('button', { name: `Close ${name}` })
    .count()) === 1
const focusedText = () =>
  popover.evaluate<string | undefined>(
    'document.activeElement?.closest("article")?.querySelector("bdi").textContent',
  )

/** Hides the popover and shows it again, as the page sees it: the test driver keeps all pages active. */
async function reopen(): Promise<void> {
  await popover.evaluate(`{
    let isHidden = true
    Object.defineProperty(document, 'visibilityState', {
      configurable: true,
      get: () => (isHidden ? 'hidden' : 'visible'),
    })
    document.dispatchEvent(new Event('visibilitychange'))
    isHidden = false
    document.dispatchEvent(new Event('visibilitychange'))
  }`)
}

test('the first pod that needs the user is open and begins within 120 px, also below a banner of 40 px', async () => {
  await reopen()
  await expect.poll(() => isOpen('anna')).toBe(true)
  const top = (await card(popover, 'anna').boundingBox())?.y ?? 999
  // The key is kept for this session only, which a banner says.
  const banner = await popover.locator('.messages').boundingBox()
  expect(banner?.height).toBeLessThanOrEqual(40)
  await screenshot(popover, 'popover-forty')
  // Without the banner and the space around it.
  expect(top - ((banner?.height ?? 0) + 14)).toBeLessThanOrEqual(120)
  const rows = await popover.locator('.pop-row').evaluateAll((all) => all.map((one) => one.clientHeight))
  expect(new Set(rows)).toEqual(new Set([44]))
  await screenshot(popover, 'popover-forty')
})

test('one pod is open at a time, opened and closed by pointer and keyboard, and keeps the focus', async () => {
  await row('bert').click()
  await expect.poll(() => isOpen('bert')).toBe(true)
  expect(await isOpen('anna')).toBe(false)
  await popover.keyboard.press('Escape')
  await expect.poll(() => isOpen('bert')).toBe(false)
  await expect.poll(focusedText).toBe('bert')
  await popover.keyboard.press('k')
  await expect.poll(focusedText).toBe('anna')
  await popover.keyboard.press('Enter')
  await expect.poll(() => isOpen('anna')).toBe(true)
  await expect.poll(focusedText).toBe('anna')
})

test('each time it opens it is at its top, nothing is filtered, and typing filters', async () => {
  await popover.keyboard.press('/')
  await popover.keyboard.type('bert')
  await expect.poll(names).toEqual(['bert'])
  await popover.keyboard.press('Escape')
  await expect.poll(async () => (await names()).length).toBe(40)
  await popover.evaluate('document.querySelector("main").scrollTop = 600; document.activeElement.blur()')
  await reopen()
  expect(await popover.evaluate('document.querySelector("main").scrollTop')).toBe(0)
  await expect.poll(() => isOpen('anna')).toBe(true)
  await expect.poll(() => popover.evaluate('document.activeElement.className')).toContain('search-input')
  await popover.keyboard.type('bert')
  await expect.poll(names).toEqual(['bert'])
  await popover.keyboard.press('ArrowDown')
  await expect.poll(focusedText).toBe('bert')
  await reopen()
  await expect.poll(async () => (await names()).length).toBe(40)
})

test('a row stops its pod without opening it, and what comes next is listed', async () => {
  await card(popover, 'bert').hover()
  await card(popover, 'bert').getByRole('button', { name: 'Stop bert' }).click()
  await expect
    .poll(() => popover.getByRole('list', { name: 'Actions' }).textContent())
    .toMatch(/^Stopping bert in \d+ s/)
  expect(await isOpen('bert')).toBe(false)
  await popover.keyboard.press('z')
  await expect.poll(() => popover.textContent('body')).toContain('Stop undone: bert')
  expect(actionsSent(scene)).toEqual([])
  const next = popover.getByRole('region', { name: 'Next' })
  await expect
    .poll(() => next.getByRole('listitem').allTextContents())
    .toEqual([expect.stringMatching(/^(\w+ )?\d\d:\d\d Balance \$0, \d+ pods are deleted$/)])
})
