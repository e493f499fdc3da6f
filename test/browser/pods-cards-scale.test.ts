import { describe, expect, test } from 'vitest'
import { userEvent } from 'vitest/browser'
import { createFleet } from '../../src/simulator/create-fleet'
import { type TestWindow, openWindow } from '../harness/browser/open-window'
import { focusedName, textsOf } from '../harness/browser/pods-scene'
import { openScene, type BrowserScene } from '../harness/browser/scene'

/* Hundreds of pods, all available to search, keyboard and screen readers, although few cards are rendered in full. */

const COUNT = 200
/** The maximum number of full cards for a window of 1,180 × 820 and its surroundings. */
const FEW = 80

let scene: BrowserScene
let window: TestWindow

async function openCards(): Promise<void> {
  scene = await openScene({ pods: createFleet(COUNT, 7), balanceUsd: 20_000 })
  // Two values make a line.
  await scene.advance(30_000)
  window = await openWindow(scene)
  // So many pods are a table by default, which pods-table.test.ts tests.
  await window.getByRole('radio', { name: 'Cards' }).click()
  await expect.poll(() => articles().length).toBe(COUNT)
}

const articles = () => [...window.document.querySelectorAll('article')]
const wholeCards = () => window.document.querySelectorAll('article > .meta').length
const isWhole = (card: Element | undefined) => card?.querySelector('.meta') !== null
/** "Stop NAME" or "Start NAME" of a card that is rendered in full. */
const buttonsOf = (card: Element | undefined) =>
  [...(card?.querySelectorAll<HTMLElement>('button[aria-label]') ?? [])].filter((one) =>
    /^(Stop|Start) /.test(one.getAttribute('aria-label') ?? ''),
  )

async function scrollTo(index: 0 | -1): Promise<Element> {
  articles().at(index)?.scrollIntoView()
  await expect.poll(() => isWhole(articles().at(index))).toBe(true)
  return articles().at(index)!
}

/** Of the first card that has one: those in error have none. */
async function focusFirstButton(): Promise<void> {
  const first = () => articles().flatMap((one) => buttonsOf(one))[0]
  window.global.focus()
  // Which one is the first changes while more cards are drawn.
  await expect
    .poll(async () => {
      const button = first()
      button?.focus()
      await window.nextFrame()
      return button !== undefined && window.document.activeElement === button
    })
    .toBe(true)
}

describe('hundreds of cards', () => {
  test('each have a heading, but few of them, those nearby, are rendered in full', async () => {
    await openCards()
    expect(textsOf(window, 'article h3')).toHaveLength(COUNT)
    expect(wholeCards()).toBeLessThan(FEW)
    // Sorted by price, the first cards are those in error, which have no sparkline.
    await window.getByRole('radio', { name: /^Running/ }).click()
    await expect
      .poll(() => window.document.querySelectorAll('.spark .line[d^="M"]').length)
      .toBeGreaterThan(5)
    await expect.poll(wholeCards).toBeLessThan(FEW)
    await window.getByRole('radio', { name: /^All/ }).click()
    await expect.poll(() => articles().length).toBe(COUNT)

    const last = await scrollTo(-1)
    await expect.poll(() => buttonsOf(last).length).toBe(1)
    await expect.poll(wholeCards).toBeLessThan(FEW)
    await expect.poll(() => isWhole(articles()[0])).toBe(false)
  })

  test('are reached one after the other by Tab, also where they were not rendered before', async () => {
    await openCards()
    await scrollTo(0)
    await focusFirstButton()
    const seen = new Set<string>()
    for (let step = 0; step < 60; step++) {
      seen.add(focusedName(window))
      await userEvent.keyboard('{Tab}')
    }
    expect(seen.size).toBe(60)
    const names = textsOf(window, 'article h3')
    expect(
      [...seen].filter(
        (name) =>
          !/^(Terminal on|Stop|Start|Keep running:|Actions of|Auto-stop|No time limit:) /.test(name) &&
          !names.includes(name),
      ),
    ).toEqual([])
  })

  test('keep the focus while scrolling, and the last one is found by search and scrolled to on request', async () => {
    await openCards()
    await scrollTo(0)
    await focusFirstButton()
    const name = focusedName(window)
    expect(name).toMatch(/^(Stop|Start) /)
    await expect.poll(() => buttonsOf(articles().at(-1)).length).toBe(0)
    const last = await scrollTo(-1)
    await expect.poll(() => buttonsOf(last).length).toBe(1)
    expect(focusedName(window)).toBe(name)

    const { id } = last
    ;(window.document.activeElement as HTMLElement).blur()
    articles()[0]?.scrollIntoView()
    await userEvent.keyboard('/')
    await userEvent.keyboard(last.querySelector('h3')?.textContent ?? '')
    await expect.poll(() => articles().map((one) => one.id)).toEqual([id])
    await userEvent.keyboard('{Escape}')
    await expect.poll(() => articles().length).toBe(COUNT)
    await scene.bridge.request('openWindowAt', 'pods', id.replace(/^pod-/, ''))
    await expect.poll(() => window.document.activeElement?.id).toBe(id)
    await expect.poll(() => buttonsOf(articles().at(-1)).length).toBe(1)
  })
})
