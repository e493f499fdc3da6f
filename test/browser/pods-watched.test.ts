import { describe, expect, test } from 'vitest'
import { userEvent } from 'vitest/browser'
import { HOUR_MS, MINUTE_MS } from '../../src/core/base/time/time'
import type { Snapshot } from '../../src/core/view/snapshot'
import { FULL_KEY } from '../../src/simulator/simulator-keys'
import { expectGoodLook } from '../harness/browser/expect-look'
import { type TestWindow, openWindow } from '../harness/browser/open-window'
import { actionsSent, card, toasts, VOLUME } from '../harness/browser/pods-scene'
import { openScene, podOf, type BrowserScene } from '../harness/browser/scene'

/* What a window says of pods that come, change and go, and of a Runpod that doesn't answer, or not what it should. */

const POLLS = { pollActiveS: 5, pollIdleS: 5, pollTransitionS: 5 } as const
const FEW_POLLS_MS = 30_000

async function requestsFor(scene: BrowserScene, path: string): Promise<number> {
  return (await scene.runpod.requests()).filter((one) => one.method === 'GET' && one.path === path).length
}

const isThere = (window: TestWindow, name: string) => expect.element(card(window, name)).toBeInTheDocument()

async function snapshotOf(scene: BrowserScene): Promise<Snapshot> {
  const reply = await scene.bridge.request('snapshot')
  if (!reply.ok) throw new Error(reply.error.message)
  return reply.value as Snapshot
}

describe('a pod', () => {
  test('appears and changes, and counts as gone only after two lists and a 404', async () => {
    const scene = await openScene({ settings: POLLS })
    const popover = await openWindow(scene, 'popover')
    await scene.runpod.addPod({ id: 'first', name: 'first', mode: 'training' })
    await scene.runpod.addPod({ id: 'second', name: 'second', mode: 'training' })
    await scene.advance(FEW_POLLS_MS)
    await expect.element(card(popover, 'first')).toHaveTextContent(/Busy \d+%/)
    await isThere(popover, 'second')
    await scene.runpod.act('second', 'stop')
    await scene.advance(FEW_POLLS_MS)
    await expect.element(card(popover, 'second')).toHaveTextContent('Stopped')

    // Lists without the pod, and even failed reads of it, are not proof.
    await scene.runpod.fault({ kind: 'list-without', withoutPodId: 'first' })
    const before = await requestsFor(scene, '/v2/pods')
    await scene.advance(FEW_POLLS_MS)
    expect((await requestsFor(scene, '/v2/pods')) - before).toBeGreaterThan(4)
    expect(await requestsFor(scene, '/v2/pods/first')).toBeGreaterThan(0)
    await isThere(popover, 'first')
    await scene.runpod.clearFaults()

    await scene.runpod.removePod('first')
    await scene.advance(FEW_POLLS_MS)
    await expect.element(card(popover, 'first')).not.toBeInTheDocument()
    expect(popover.text()).toMatch(/first is gone/)
  })

  test('that nothing here created says so, until the person says that it was them', async () => {
    const scene = await openScene({ pods: [], settings: POLLS })
    const main = await openWindow(scene)
    await scene.advance(FEW_POLLS_MS)
    await scene.runpod.addPod({ id: 'mine', name: 'mine', mode: 'training' })
    await scene.runpod.addPod({ id: 'theirs', name: 'theirs', mode: 'training' })
    await scene.advance(2 * MINUTE_MS)
    const appeared = /Appeared at .*, not created by Podkeeper here\./
    await expect.element(card(main, 'theirs')).toHaveTextContent(appeared)
    main.focusOn(main.getByRole('button', { name: 'This was me: mine' }))
    await userEvent.keyboard('{Enter}')
    await expect.element(card(main, 'mine')).not.toHaveTextContent(appeared)
    await expect.element(card(main, 'theirs')).toHaveTextContent(appeared)
  })

  test('is stopped once, with what a stop keeps in words, unless that is undone in time', async () => {
    const scene = await openScene({
      pods: [{ id: 's', name: 'saved', mode: 'training', persistent: { sizeGb: 100, path: '/workspace' } }],
      settings: { ...POLLS, undoS: 10 },
    })
    const popover = await openWindow(scene, 'popover')
    const press = (name: string) => card(popover, 'saved').getByRole('button', { name }).click()
    await press('Stop saved')
    await expect
      .element(toasts(popover))
      .toHaveTextContent(/Stopping saved in .*\/workspace.*100 GB.*\$0\.67 a day/)
    await popover.getByRole('button', { name: 'Undo: stop saved' }).click()
    await expect.element(toasts(popover)).toHaveTextContent('Stop undone: saved')

    await press('Stop saved')
    await expect.element(popover.getByRole('button', { name: 'Undo: stop saved' })).toBeVisible()
    await scene.advance(15_000)
    await expect.element(toasts(popover)).toHaveTextContent('saved stopped')
    expect(await actionsSent(scene)).toEqual(['stop s'])
    expect((await scene.runpod.pod('s'))['status']).toBe('EXITED')

    await press('Start saved')
    await scene.advance(FEW_POLLS_MS)
    await expect.poll(() => actionsSent(scene)).toEqual(['stop s', 'start s'])
    expect((await scene.runpod.pod('s'))['status']).not.toBe('EXITED')
  })

  test('that was stopped and started changes the runway at once, and is creating since then, not for 8 days', async () => {
    const daysAgoMin = 8 * 24 * 60
    const persistent = { sizeGb: 100, path: '/workspace' }
    const scene = await openScene({
      pods: [
        {
          id: 'big',
          name: 'big',
          mode: 'training',
          costPerHourUsd: 10,
          startedAgoMin: daysAgoMin,
          stoppingS: 0,
          provisioningS: 3_600,
          persistent,
        },
        { id: 'small', name: 'small', mode: 'training', costPerHourUsd: 4, persistent },
      ],
      balanceUsd: 140,
      settings: { ...POLLS, pollBalanceS: 300 },
    })
    const popover = await openWindow(scene, 'popover')
    const runwayH = async () => ((await snapshotOf(scene)).runwayMs ?? 0) / HOUR_MS
    await scene.advance(FEW_POLLS_MS)
    expect(await runwayH()).toBeCloseTo(10, 0)
    await scene.runpod.act('big', 'stop')
    await scene.advance(FEW_POLLS_MS)
    expect((await podOf(scene, 'big')).phase).toBe('stopped')
    // $4 for the other pod, and less than 3 cents for the disk of this one.
    expect(await runwayH()).toBeGreaterThan(34)
    expect(await runwayH()).toBeLessThan(35)

    await scene.runpod.balance(400)
    await scene.bridge.request('refresh')
    await scene.settle()
    const { balance } = await snapshotOf(scene)
    expect(balance).toMatchObject({ kind: 'known', usd: expect.closeTo(400, 0) })

    await scene.runpod.act('big', 'start')
    await scene.advance(FEW_POLLS_MS)
    const open = card(popover, 'big').getByRole('button', { name: 'big', exact: true, expanded: false })
    if (open.elements().length > 0) await open.click()
    await expect
      .element(card(popover, 'big').getByText(/^Creating for /))
      .toHaveTextContent(/^Creating for \d+ (s|min)\. You may already be paying for it\.$/)
    const big = await podOf(scene, 'big')
    expect(big).toMatchObject({ phase: 'creating', costSinceStartUsd: null, creating: { isAtLeast: false } })
    expect((await snapshotOf(scene)).atMs - big.createdAtMs!).toBeGreaterThan(
      daysAgoMin * MINUTE_MS - HOUR_MS,
    )
  })
})

describe('a pod that Runpod calls running', () => {
  test('is starting until its container is up, and shows a failed pull and a container that died', async () => {
    const scene = await openScene({
      pods: [
        { id: 'pulls', name: 'pulls', mode: 'stopped', imageSizeGb: 45, ...VOLUME },
        { id: 'fails', name: 'fails', mode: 'stopped', onStart: 'image-missing', ...VOLUME },
        { id: 'dies', name: 'dies', mode: 'training', ...VOLUME },
      ],
      settings: { pollActiveS: 30, pollIdleS: 30, pollTransitionS: 30 },
    })
    const window = await openWindow(scene, 'main')
    await isThere(window, 'dies')
    await scene.runpod.act('pulls', 'start')
    await scene.runpod.act('fails', 'start')
    await scene.runpod.setPod('dies', { mode: 'container-dead', downAs: 'negative' })
    await scene.advance(4 * MINUTE_MS)
    expect(await podOf(scene, 'pulls')).toMatchObject({
      phase: 'running',
      container: { kind: 'starting', isOverdue: false },
    })
    await expect.element(card(window, 'pulls')).toHaveTextContent(/Starting 4 min|Starting 3 min/)
    await expect.element(card(window, 'pulls')).toHaveTextContent(/Pulling the image/)
    await expect.element(card(window, 'fails')).toHaveTextContent(/Image pull failed/)
    await expect.element(card(window, 'fails')).toHaveTextContent(/manifest unknown/)
    await expect.element(card(window, 'dies')).toHaveTextContent(/Container died/)
    await scene.advance(3 * MINUTE_MS)
    await expect.element(card(window, 'pulls')).toHaveTextContent(/Busy|Booting/)
    expect((await podOf(scene, 'pulls')).container).toBeUndefined()
  })
})

test('the page of a pod says how often its figures change, what is missing, and what that keeps from happening', async () => {
  const scene = await openScene({
    pods: [
      { id: 'slow', name: 'slow', mode: 'idle', metricsEveryS: 90, missingFigures: ['cpu'], ...VOLUME },
      { id: 'mute', name: 'mute', mode: 'telemetry-missing', ...VOLUME },
    ],
    settings: { pollActiveS: 15, unknownAlertMin: 20 },
  })
  await scene.advance(25 * MINUTE_MS)
  const about = (await podOf(scene, 'slow')).key
  const window = await openWindow(scene, 'main', { page: 'pod', about, width: 1_180, height: 900 })
  const verdict = window.getByRole('region', { name: 'Why it counts as idle' })
  await expect
    .element(verdict)
    .toHaveTextContent(/Runpod refreshes these figures every 90 s; it reports no CPU\./)
  await expect.element(verdict).toHaveTextContent(/Not enough.*needs a look from inside/)
  await expect.element(verdict).toHaveTextContent(/below 5% in every sample/)
  await expectGoodLook(window, { widths: [360, 1_180] })
  const mute = await openWindow(scene, 'main', { page: 'pod', about: (await podOf(scene, 'mute')).key })
  await expect
    .element(mute.getByRole('region', { name: 'Why its activity is unknown' }))
    .toHaveTextContent(/it reports no metrics/)
})

describe('a connection', () => {
  test('through a web page in place of the API does not reject the key', async () => {
    const scene = await openScene({
      pods: [{ id: 'a', name: 'a', mode: 'training' }],
      isConnected: false,
      faults: [{ kind: 'forbidden-html' }],
    })
    const popover = await openWindow(scene, 'popover')
    await scene.setClipboard(FULL_KEY)
    await popover.getByRole('button', { name: 'Paste key' }).click()
    await expect.poll(() => popover.text()).toMatch(/between you and Runpod/)
    await scene.runpod.clearFaults()
    await scene.setClipboard(FULL_KEY)
    await popover.getByRole('button', { name: 'Paste key' }).click()
    await isThere(popover, 'a')
  })

  test('that is lost or answers nothing leaves the last pods with their age, which are live again afterwards', async () => {
    const scene = await openScene({ pods: [{ id: 'a', name: 'a', mode: 'training' }], settings: POLLS })
    const popover = await openWindow(scene, 'popover')
    await scene.runpod.fault({ kind: 'reset-before' })
    await scene.advance(2 * MINUTE_MS)
    await expect.poll(() => popover.text()).toMatch(/no answer for/)
    expect(popover.text()).toMatch(/Data from/)
    await isThere(popover, 'a')
    await scene.runpod.clearFaults()
    await scene.advance(2 * MINUTE_MS)
    // A connection that was reset may be found out only by the next request.
    await expect
      .poll(async () => {
        await scene.advance(10_000)
        return popover.text()
      })
      .toMatch(/just now|\d s ago/)
    // An empty response does not count as an empty account.
    await scene.runpod.fault({ kind: 'empty-object' })
    await scene.advance(2 * MINUTE_MS)
    await expect.poll(() => popover.text()).toMatch(/unexpected answer/)
    await isThere(popover, 'a')
  })

  test('doubts the key at a single 401, refuses it at a second one later, and takes another key', async () => {
    const scene = await openScene({
      pods: [{ id: 'a', name: 'a', mode: 'training' }],
      settings: { ...POLLS, keyRetryS: 8 },
    })
    const popover = await openWindow(scene, 'popover')
    await scene.runpod.fault({ kind: 'unauthorized', path: '/v2/pods', count: 1 })
    await scene.advance(6_000)
    await expect.poll(() => popover.text()).toMatch(/checking the key again/)
    await scene.advance(FEW_POLLS_MS)
    await expect.poll(() => popover.text()).toMatch(/just now|\d s ago/)

    await scene.runpod.fault({ kind: 'unauthorized', path: '/v2/*' })
    await scene.advance(FEW_POLLS_MS)
    await expect.poll(() => popover.text()).toMatch(/refused the key \(401\) at .* and again at/)
    // A rejected key is not sent again and again.
    const asked = async () => (await scene.runpod.requests()).length
    const whenRefused = await asked()
    await scene.advance(FEW_POLLS_MS)
    expect(await asked()).toBe(whenRefused)

    await scene.runpod.clearFaults()
    await popover.getByRole('button', { name: 'Replace key' }).click()
    await scene.setClipboard(FULL_KEY)
    await popover.getByRole('button', { name: 'Paste key' }).click()
    await isThere(popover, 'a')
  })
})

describe('questions', () => {
  test('are ten at most: an eleventh is refused in the window that asked, until another one is answered', async () => {
    const names = Array.from({ length: 11 }, (_, index) => `scratch-${index}`)
    const scene = await openScene({ pods: names.map((name) => ({ id: name, name, mode: 'training' })) })
    const popover = await openWindow(scene, 'popover')
    await isThere(popover, 'scratch-10')
    for (const name of names.slice(0, 10)) {
      const { key } = await podOf(scene, name)
      void scene.bridge.request('act', key, 'stop')
    }
    await scene.bridge.question('Stop scratch-0?')
    const stop = () =>
      card(popover, 'scratch-10').getByRole('button', { name: 'Stop scratch-10', exact: true }).click()
    await stop()
    await expect
      .poll(() => popover.text())
      .toContain(
        'scratch-10 was not stopped: Too many questions are open, so nothing was done. Answer them, then try again.',
      )
    await scene.bridge.answerQuestion('Stop scratch-0?', 'Cancel')
    await scene.bridge.question('Stop scratch-1?')
    await stop()
    for (const name of names.slice(1)) await scene.bridge.answerQuestion(`Stop ${name}?`, 'Cancel')
    expect(await scene.bridge.openQuestion()).toBeNull()
    await scene.advance(60_000)
    expect(await actionsSent(scene)).toEqual([])
  })
})

/** Dates, clocks and numbers are those of the system's region; the words and the direction of the layout stay English. */
describe('the region', () => {
  test.each([
    ['de-DE', '$1.234,50', /^\d\d:\d\d$/],
    ['tr-TR', '$1,234.50', /^\d\d:\d\d$/],
    ['ar-EG', '$1,234.50', /^\d{1,2}:\d\d [AP]M$/],
    ['ja-JP', '$1,234.50', /^\d\d:\d\d$/],
  ])('%s writes an amount as %s', async (locale, money, clock) => {
    const scene = await openScene({
      pods: [{ id: 'a', name: 'INFINITY-istanbul', mode: 'training', costPerHourUsd: 1_234.5, ...VOLUME }],
      balanceUsd: 20_000,
    })
    const window = await openWindow(scene, 'main', { locale, width: 1_000, height: 700 })
    const popover = await openWindow(scene, 'popover', { locale })
    const pod = card(window, 'INFINITY-istanbul')
    await expect.element(pod).toHaveTextContent(`${money} per hour`)
    await expect.element(pod).toHaveTextContent('Stop')
    expect(window.global.getComputedStyle(window.document.documentElement).direction).toBe('ltr')
    for (const each of [window, popover]) expect(each.overflow()).toEqual({ page: 0, tables: [] })
    await pod.getByRole('button', { name: 'Stop INFINITY-istanbul' }).click()
    await expect.element(toasts(window)).toHaveTextContent('Stopping INFINITY-istanbul')
    await window.getByRole('navigation').getByRole('button', { name: 'Activity' }).click()
    await expect.poll(() => window.document.querySelector('main time')?.textContent ?? '').toMatch(clock)
  })
})
