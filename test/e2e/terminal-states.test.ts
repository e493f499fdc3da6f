import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type KeptPictures, openKeptPictures } from '../harness/app/baseline'
import { launch, type RunningApp } from '../harness/app/launch'
import { prepareForStates, showState } from '../harness/app/show-state'
import { answerTerminals, showTerminals } from '../harness/app/show-terminals'
import { someKeys, someTerminals } from '../harness/app/some-terminals'
import { windowStates } from '../harness/app/states'
import { until } from '../harness/app/waiting'

/*
 * The terminals below the pods and on their page, in every state: axe-core finds nothing, nothing is wider than its window,
 * nothing moves at rest, no policy is broken, and all looks as the pictures that are kept.
 */

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const WIDTHS = [360, 900, 1_400] as const
const HEIGHT = 800

const ESC = '\u001B'
const prompt = `${ESC}[32mroot@llama-70b-sft${ESC}[0m:${ESC}[94m/workspace${ESC}[0m# `
const screen = [
  `${prompt}nvidia-smi --query-gpu=index,name,utilization.gpu,memory.used,power.draw --format=csv,noheader`,
  '0, NVIDIA H100 80GB HBM3, 94 %, 71034 MiB, 662.10 W',
  '1, NVIDIA H100 80GB HBM3, 92 %, 70988 MiB, 655.41 W',
  `loss ${ESC}[38;2;255;120;40m1.0791${ESC}[0m, ${ESC}[1mbold${ESC}[0m, e\u0301`,
  'step 14220/20000 loss 1.0791 lr 8.1e-06 tok/s 41.3k eta 02:57:24',
  prompt,
].join('\r\n')

let running: RunningApp
let page: Page
let kept: KeptPictures
const complaints: string[] = []

beforeAll(async () => {
  running = await launch({ env: { TZ: 'UTC' } })
  const popover = await running.popover()
  await popover.evaluate("window.app.openWindow('pods')")
  page = await running.mainWindow()
  page.on('console', (message) => complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  await prepareForStates(running.app, page)
  await answerTerminals(running.app, { screen, keys: someKeys })
  await page.evaluate(axe)
  kept = await openKeptPictures(page)
  await showState(
    running.app,
    page,
    windowStates.find(({ name, window }) => name === 'pods' && window === 'main')!,
  )
})
afterAll(() => running?.close())

const toPage = (name: string): Promise<void> =>
  page.getByRole('navigation').getByRole('button', { name, exact: true }).click()

async function inspect(name: string, widths: readonly number[] = WIDTHS): Promise<void> {
  const problems: (string | null)[] = []
  for (const width of widths) {
    await page.setViewportSize({ width, height: HEIGHT })
    await page.mouse.move(0, 0)
    await settle()
    const pixels = await page.evaluate(
      '[document.documentElement, document.querySelector("main"), document.querySelector(".screen-cover")].map((e) => e === null ? 0 : e.scrollWidth - e.clientWidth)',
    )
    expect({ width, pixels }).toEqual({ width, pixels: [0, 0, 0] })
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await settle()
      problems.push(kept.problem(`terminal-${name}-${width}-${colorScheme}`, await page.screenshot()))
    }
  }
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await settle()
    const { violations } = (await page.evaluate('axe.run(document)')) as AxeResults
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
  }
  expect(problems.filter((problem) => problem !== null)).toEqual([])
  expect(await page.evaluate('document.getAnimations().length')).toBe(0)
  expect([...new Set(complaints)].map((text) => text.slice(0, 160))).toEqual([])
}

/** The grid of the terminal fills its place again, and is drawn. */
async function settle(): Promise<void> {
  await until('the terminal to fit', () =>
    page.evaluate<boolean>(`(() => {
      const place = document.querySelector('.screen')
      const rows = place?.querySelector('.xterm-rows')
      if (!place || !rows) return place === null
      const row = rows.firstElementChild.getBoundingClientRect().height
      return rows.childElementCount === Math.max(1, Math.floor(place.clientHeight / row))
    })()`),
  )
  // It shows for a moment after each change of size.
  await until('the scrollbar to hide', () =>
    page.evaluate<boolean>(
      'document.querySelector(".screen .scrollbar.visible") === null && document.getAnimations().length === 0',
    ),
  )
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
}

test('no terminal yet: which pods can have one', async () => {
  await showTerminals(running.app, page, [])
  await toPage('Terminals')
  await inspect('none')
  await toPage('Pods')
})

/** Shows these terminals, the first of them. */
async function show(name: string): Promise<void> {
  const terminals = someTerminals[name]!
  await showTerminals(running.app, page, terminals)
  await expect.poll(() => page.getByRole('tab').count()).toBe(terminals.length)
  await page.getByRole('tab').first().click()
  await page.evaluate('document.activeElement.blur()')
}

test.each(Object.keys(someTerminals))('below the pods: %s', async (name) => {
  await show(name)
  await inspect(`dock-${name}`, name === 'open' ? WIDTHS : [900])
})

test.each(Object.keys(someTerminals))('on its page: %s', async (name) => {
  await toPage('Terminals')
  await show(name)
  await inspect(`page-${name}`)
})

test('folded below the pods', async () => {
  await toPage('Pods')
  await show('open')
  await page.getByRole('button', { name: 'Fold the terminals' }).click()
  await inspect('dock-folded', [900])
  await page.getByRole('button', { name: 'Unfold the terminals' }).click()
})
