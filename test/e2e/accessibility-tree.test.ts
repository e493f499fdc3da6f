import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accessibilityTree } from './harness/accessibility-tree'
import type { RunningApp } from './harness/launch'
import { launch } from './harness/launch'
import { prepareForStates, showState } from './harness/show-state'
import { windowStates } from './harness/states'

/* What a screen reader is told, word by word, as Chromium tells it. */

let running: RunningApp
let popover: Page
let main: Page

beforeAll(async () => {
  running = await launch({ env: { TZ: 'UTC' } })
  popover = await running.popover()
  await popover.evaluate("window.app.openWindow('pods')")
  main = await running.mainWindow()
  await prepareForStates(running.app, popover)
  await prepareForStates(running.app, main)
})
afterAll(() => running?.close())

async function treeOf(page: Page, window: 'popover' | 'main', name: string): Promise<string> {
  const state = windowStates.find((one) => one.window === window && one.name === name)!
  await showState(running.app, page, state)
  return `\n${await accessibilityTree(page)}\n`
}

test('the popover with five pods', async () => {
  expect(await treeOf(popover, 'popover', 'pods')).toMatchInlineSnapshot()
})

test('the popover at first run', async () => {
  expect(await treeOf(popover, 'popover', 'first-run')).toMatchInlineSnapshot()
})

test('the main window with five pods', async () => {
  expect(await treeOf(main, 'main', 'pods')).toMatchInlineSnapshot()
})

test('the main window while Runpod does not answer', async () => {
  expect(await treeOf(main, 'main', 'offline')).toMatchInlineSnapshot()
})

test('a pod whose stop can be undone', async () => {
  expect(await treeOf(popover, 'popover', 'actions')).toMatchInlineSnapshot()
})
