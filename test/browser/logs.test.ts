import { expect, test } from 'vitest'
import { type Locator, userEvent } from 'vitest/browser'
import { MINUTE_MS, SECOND_MS } from '../../src/core/base/time/time'
import type { PodKey } from '../../src/core/pods/pod'
import { copiedText } from '../harness/browser/copied-text'
import { openWindow, type TestWindow } from '../harness/browser/open-window'
import { card, textsOf } from '../harness/browser/pods-scene'
import { type BrowserScene, openScene, podOf } from '../harness/browser/scene'

/* The log of a pod on its page, and what the cards of new pods say. */

interface LogScene {
  readonly scene: BrowserScene
  readonly window: TestWindow
  readonly podKey: PodKey
  /** How many lines the log has. */
  readonly count: () => number
  /** Those that are drawn. */
  readonly lines: () => readonly string[]
  readonly log: () => HTMLElement
  readonly isAtEnd: () => boolean
  readonly toPage: (name: string) => Promise<void>
}

/**
 * Expects something once time has passed in steps. A stream of the simulator notices a change at once, and time that was
 * skipped only when its timer is due.
 */
function expectLater<T>({ advance, runpod }: BrowserScene, read: () => T, stepMs = 100) {
  const later = async (): Promise<T> => {
    await advance(stepMs)
    await runpod.timeFactor(1)
    return read()
  }
  return expect.poll(later, { interval: 20 })
}

/** The main window at the log of a pod that has printed a line each second for a quarter of an hour. */
async function openLog(): Promise<LogScene> {
  const scene = await openScene({
    pods: [
      {
        id: 'chatty',
        name: 'chatty',
        mode: 'training',
        startedAgoMin: 15,
        createdAgoMin: 20,
        logLinesPerS: 1,
        env: { HF_TOKEN: 'checkpoint shards' },
      },
    ],
  })
  const window = await openWindow(scene)
  await card(window, 'chatty').getByRole('button', { name: 'Actions of chatty' }).click()
  await window.getByRole('menuitem', { name: 'Logs' }).click()
  await expect.element(window.getByRole('heading', { name: 'chatty', exact: true })).toBeVisible()
  await expect.element(window.getByRole('tab', { name: 'Logs' })).toHaveAttribute('aria-selected', 'true')
  const log = () => window.document.querySelector<HTMLElement>('[role=log]')!
  const count = () =>
    Number((textsOf(window, '.log-count')[0] ?? '').replaceAll(',', '').replace(/[^\d].*$/, ''))
  await expectLater(scene, count).toBeGreaterThan(800)
  return {
    scene,
    window,
    podKey: (await podOf(scene, 'chatty')).key,
    count,
    log,
    lines: () => textsOf(window, '.log-line'),
    isAtEnd: () => log().scrollTop + log().clientHeight >= log().scrollHeight - 4,
    toPage: (name) => window.getByRole('navigation').getByRole('button', { name, exact: true }).click(),
  }
}

const currentLine = (window: TestWindow): Locator => window.getByCss('.log-line.current')

test('a log follows what its pod prints, without its secrets, and holds still while a person reads further up', async () => {
  const { scene, window, count, lines, log, isAtEnd } = await openLog()
  const before = count()
  await expectLater(scene, count, SECOND_MS).toBeGreaterThan(before + 5)
  await expect.poll(isAtEnd).toBe(true)
  await expect.element(window.getByCss('.log-foot')).toHaveTextContent('Live')
  // Only what is in view is drawn.
  expect(lines().length).toBeLessThan(120)
  expect(JSON.stringify(lines())).not.toContain('checkpoint shards')

  const follow = window.getByRole('switch', { name: 'Follow' })
  log().scrollTop -= 600
  await expect.element(follow).not.toBeChecked()
  const top = (): string => {
    const { top: edge } = log().getBoundingClientRect()
    const rows = [...log().querySelectorAll('.log-line')]
    return rows.find((row) => row.getBoundingClientRect().top >= edge)?.textContent ?? ''
  }
  const still = top()
  const read = count()
  await expectLater(scene, count, SECOND_MS).toBeGreaterThan(read + 5)
  await window.nextFrame()
  expect(top()).toBe(still)
  await window.getByRole('button', { name: 'Latest' }).click()
  await expect.poll(isAtEnd).toBe(true)
  await expect.element(follow).toBeChecked()

  // What is shown can be copied, and saved where the system asks.
  const path = `${await scene.folder()}/chatty.txt`
  await scene.answerNextDialog([path])
  await window.getByRole('button', { name: 'Save as…' }).click()
  await expect.element(window.getByText(`Saved to ${path}`).first()).toBeInTheDocument()
  const saved = await scene.readTextFile(path)
  expect(saved).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z (container|system) .+$/m)
  expect(saved).toContain('loading [hidden]')
  expect(saved).not.toContain('checkpoint shards')
  expect(saved.split('\n').length).toBeGreaterThan(800)
  await window.getByRole('button', { name: 'Copy', exact: true }).click()
  expect(await copiedText(window)).toContain('loading [hidden]\n')
})

test('search counts and goes to matches, and a source can be shown alone', async () => {
  const { window, lines } = await openLog()
  const status = window.getByRole('search').getByRole('status')
  const field = window.getByRole('search').getByRole('searchbox')
  const enter = async (): Promise<void> => {
    window.focusOn(field)
    await userEvent.keyboard('{Enter}')
  }
  await userEvent.keyboard('/')
  await expect.element(field).toHaveFocus()
  await userEvent.keyboard('[[HIDDEN]')
  await expect.element(status).toHaveTextContent(/^1 match$/)
  await userEvent.keyboard('{Enter}')
  await expect.element(status).toHaveTextContent(/^1 of 1$/)
  await expect.element(currentLine(window)).toHaveTextContent('loading [hidden]')
  await expect.element(currentLine(window)).toBeVisible()
  await field.fill('checkpoint shards')
  await expect.element(status).toHaveTextContent(/^No matches$/)
  await field.fill('line 7')
  await expect.element(status).toHaveTextContent(/matches$/)
  // Each text that is searched for is gone to, also after another one.
  await enter()
  await expect.element(status).toHaveTextContent(/^[\d,]+ of [\d,]+$/)
  await expect.element(currentLine(window)).toHaveTextContent('line 7')
  // Among the lines of one source its place belongs to another line.
  await field.fill('pulling image')
  await enter()
  await expect.element(currentLine(window)).toHaveTextContent('pulling image')
  const choose = (name: string) => window.getByRole('radio', { name }).click({ force: true })
  await choose('Container')
  await expect.element(status).toHaveTextContent(/^No matches$/)
  await expect.element(currentLine(window)).not.toBeInTheDocument()
  await field.fill('')
  await choose('System')
  await expect.poll(lines).toHaveLength(3)
  expect(lines().join('\n')).toContain('start container')
  await choose('All')
  await expect.poll(() => lines().length).toBeGreaterThan(20)
})

test('a log continues after its last line over lost connections and a refusal, and is not read while nobody sees it', async () => {
  const { scene, window, count, lines, log, toPage } = await openLog()
  const path = '/v2/pods/chatty/logs'
  const requests = async () => (await scene.runpod.requests()).filter((one) => one.path.endsWith(path)).length
  await toPage('Pods')
  await expect.element(card(window, 'chatty')).toBeVisible()
  const before = await requests()
  await scene.advance(MINUTE_MS)
  expect(await requests()).toBe(before)

  await scene.runpod.fault({ kind: 'log-drop', path, count: 1 })
  await scene.runpod.fault({ kind: 'forbidden', path })
  await userEvent.keyboard('{Control>}k{/Control}')
  await expect.element(window.getByCss('.palette-field input')).toHaveFocus()
  await userEvent.keyboard('logs of chatty')
  await expect.element(window.getByRole('option', { name: 'Logs of chatty' })).toBeVisible()
  await userEvent.keyboard('{Enter}')
  await expectLater(scene, count).toBe(25)
  await scene.advance(MINUTE_MS)
  const again = window.getByRole('button', { name: 'Try again' })
  await expect.element(again).toBeVisible()
  await expect.element(window.getByCss('.log-foot')).toHaveTextContent('no permission to read logs')
  await scene.runpod.clearFaults()
  await scene.runpod.fault({ kind: 'log-drop', path, count: 3 })
  await again.click()
  await expectLater(scene, count, SECOND_MS).toBeGreaterThan(100)
  const numbers = () =>
    lines()
      .flatMap((text) => /line (\d+) /.exec(text)?.[1] ?? [])
      .map(Number)
  await expect.poll(() => numbers().length).toBeGreaterThan(20)
  const seen = numbers()
  expect(seen).toEqual(seen.map((_, index) => seen[0]! + index))
  log().scrollTop = 0
  await expect.poll(() => lines()[0]).toContain('create container')
  expect(lines().filter((text) => text.includes('create container'))).toHaveLength(1)

  window.resize(360, 700)
  await window.getByRole('switch', { name: 'Wrap' }).click({ force: true })
  await expect.poll(() => log().classList.contains('wrapped')).toBe(true)
  await expect.poll(() => log().scrollWidth <= log().clientWidth).toBe(true)
})

test('a new pod says where it is, by what was observed, from its machine to its SSH', async () => {
  const scene = await openScene({ ssh: 'any-key' })
  const window = await openWindow(scene)
  await scene.runpod.addPod({
    id: 'fresh',
    name: 'fresh',
    mode: 'training',
    startedAgoMin: 0,
    provisioningS: 2,
    startingS: 90,
  })
  const steps = () =>
    card(window, 'fresh')
      .getByRole('img', { name: /^Machine/ })
      .query()
      ?.getAttribute('aria-label')
  const step = () => textsOf(window, 'article .progress-now')[0]
  await expectLater(scene, steps, 2 * SECOND_MS).toMatch(
    /^Machine done, image in progress, container next, SSH next$/,
  )
  await expectLater(scene, step, 2 * SECOND_MS).toMatch(/^Pulling the image.*, [34] of 5 layers$/)
  // Only late in a pull is it known how much there is in all.
  await expectLater(scene, step, 2 * SECOND_MS).toMatch(/^Pulling the image, \d+%, [1-4] of 5 layers$/)
  // Its own page says the same.
  const ofPage = await openWindow(scene, 'main', { page: 'pod', about: (await podOf(scene, 'fresh')).key })
  await expect.poll(() => textsOf(ofPage, '.pod-page .progress-now')[0]).toMatch(/^Pulling the image, \d+%/)
  ofPage.close()
  await expectLater(scene, steps, 2 * SECOND_MS).toMatch(
    /^Machine done, image done, container done, SSH done$/,
  )
  expect(step()).toBe('SSH is reachable')
})

test('pods that do not come up are among those that need you, with why and the last lines', async () => {
  const scene = await openScene({
    pods: [
      {
        id: 'broken',
        name: 'broken',
        mode: 'image-missing',
        startedAgoMin: 0,
        provisioningS: 1,
        image: 'example/missing:1',
      },
      {
        id: 'looping',
        name: 'looping',
        mode: 'crash-loop',
        startedAgoMin: 0,
        provisioningS: 1,
        startingS: 1,
      },
    ],
  })
  const window = await openWindow(scene)
  const pill = (name: string) => card(window, name).element().querySelector('.pill')?.textContent
  await expectLater(scene, () => pill('broken'), 2 * SECOND_MS).toBe('Image pull failed')
  await expectLater(scene, () => pill('looping'), 2 * SECOND_MS).toMatch(
    /^Crash loop: started \d+ times in \d+ s$/,
  )
  const broken = card(window, 'broken')
  expect(broken.element().closest('section')?.textContent).toContain('Needs attention')
  await expect
    .element(broken)
    .toHaveTextContent('error creating container: image pull: example/missing:1: manifest unknown')
  await expect.element(broken).toHaveTextContent('Check the image’s name and tag')
  await expect
    .element(broken.getByRole('list', { name: /system log/ }))
    .toHaveTextContent('create container: still fetching image example/missing:1')
  await broken.getByRole('button', { name: 'Show logs of broken' }).click()
  await expectLater(scene, () => textsOf(window, '.log-line').at(-1)).toContain('manifest unknown')
  // The same in the popover, as a row and opened.
  const popover = await openWindow(scene, 'popover')
  await expect.element(card(popover, 'looping')).toHaveTextContent('Crash loop')
  await card(popover, 'broken')
    .getByRole('button', { name: /broken/ })
    .first()
    .click()
  await expect.element(card(popover, 'broken')).toHaveTextContent('manifest unknown')
})
