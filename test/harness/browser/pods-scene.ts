import { expect } from 'vitest'
import { type Locator, page, userEvent } from 'vitest/browser'
import type { SimulatedPodSpec } from '../../../src/simulator/world/pod-spec'
import type { TestWindow } from './open-window'
import type { BrowserScene } from './scene'

/* What tests of lists of pods share, in the main window and in the popover. */

/** So that a stop loses only the container disk, and is not asked about first. */
export const VOLUME = { persistent: { sizeGb: 1, path: '/workspace' } } as const

/** Pods that are idle, the most expensive one first. */
export const idlePods = (names: readonly string[], firstUsd = 90): readonly SimulatedPodSpec[] =>
  names.map((name, index) => ({
    id: name,
    name,
    mode: 'idle',
    costPerHourUsd: firstUsd - index,
    ...VOLUME,
  }))

/** The card of a pod, or its row in the popover, found by its heading. */
export const card = (window: TestWindow, name: string): Locator =>
  window.getByRole('article').filter({ has: page.getByRole('heading', { name, exact: true }) })

export const toasts = (window: TestWindow): Locator => window.getByRole('list', { name: 'Actions' })

/** Texts of all elements, without a locator: names of hundreds of pods are expensive to compute. */
export const textsOf = (window: TestWindow, selector: string): readonly string[] =>
  [...window.document.querySelectorAll(selector)].map(({ textContent }) => textContent ?? '')

/** The accessible name of the focused element, as far as tests need it. */
export function focusedName(window: TestWindow): string {
  const one = window.document.activeElement as (HTMLElement & { labels?: NodeListOf<HTMLElement> }) | null
  const labelId = one?.getAttribute('aria-labelledby')?.split(' ')[0] ?? ''
  const label = one?.labels?.[0] ?? window.document.getElementById(labelId)
  return (one?.getAttribute('aria-label') ?? label?.textContent ?? one?.textContent ?? '').trim()
}

/** The pod whose card or row has the focus. */
export const focusedPod = (window: TestWindow): string | undefined =>
  window.document.activeElement?.closest('article, tr')?.querySelector('bdi')?.textContent ?? undefined

/** Every action that reached the simulator, in order, as "stop pod-id". */
export async function actionsSent({ runpod }: BrowserScene): Promise<readonly string[]> {
  return (await runpod.requests()).flatMap(({ action, podId }) =>
    action === undefined ? [] : [`${action} ${podId}`],
  )
}

/** Presses Tab until the element with this name has the focus. */
export async function tabTo(window: TestWindow, name: RegExp | string, stroke = '{Tab}'): Promise<void> {
  const isThere = (): boolean =>
    typeof name === 'string' ? focusedName(window) === name : name.test(focusedName(window))
  for (let step = 0; step < 80 && !isThere(); step++) await userEvent.keyboard(stroke)
  expect(focusedName(window)).toMatch(name)
}

export const scrollMain = (window: TestWindow, y: number): void =>
  window.document.querySelector('main')?.scrollTo(0, y)
