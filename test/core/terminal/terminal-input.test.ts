import { describe, expect, test } from 'vitest'
import {
  createTerminalInputTracker,
  isAutomaticReply,
  repliesBesideTmux,
} from '../../../src/core/terminal/terminal-input'
import { MINUTE_MS } from '../../../src/core/base/time/time'
import { createFakeClock, flushPromises } from '../../harness/base/fake-clock'
import { createMonitorFixture, podWithFreshTelemetry } from '../../harness/monitor/monitor-fixture'
import { pod } from '../../harness/samples/pods'

test('how long ago an input was is known of the pod that it was sent to', async () => {
  const clock = createFakeClock()
  const input = createTerminalInputTracker(clock)
  input.recordInput('one/a')
  await clock.advanceAsync(10 * MINUTE_MS)
  // The same pod of another account is another pod.
  expect((['one/a', 'one/b', 'two/a'] as const).map((key) => input.inputAgoMs(key))).toEqual([
    10 * MINUTE_MS,
    null,
    null,
  ])
})

describe('text that a terminal sends', () => {
  test.each([
    ['where the cursor is', '\x1b[12;40R'],
    ['what it is', '\x1b[?1;2c'],
    ['what it is, again', '\x1b[>0;276;0c'],
    ['that it has the focus', '\x1b[I'],
    ['that it has lost it', '\x1b[O'],
    ['a mode', '\x1b[?2004;1$y'],
    ['a setting', '\x1bP1$r0m\x1b\\'],
    ['a colour', '\x1b]11;rgb:0000/0000/0000\x1b\\'],
    ['several answers', '\x1b[0n\x1b[1;1R'],
  ])('as an automatic reply is not input: %s', (_, text) => expect(isAutomaticReply(text)).toBe(true))

  test.each([
    ['a letter', 'a'],
    ['Escape', '\x1b'],
    ['an arrow', '\x1b[A'],
    ['Alt and a letter', '\x1bf'],
    ['a paste', '\x1b[200~ls\x1b[201~'],
    ['an answer with a letter behind it', '\x1b[1;1Rq'],
    ['a click', '\x1b[<0;10;10M'],
  ])('because of the user is input: %s', (_, text) => expect(isAutomaticReply(text)).toBe(false))
})

describe('an idle pod with recent terminal input', () => {
  function fixture() {
    const typed = { now: true }
    const made = createMonitorFixture({
      inputAgoMs: () => (typed.now ? 0 : null),
      settings: { autoStopAfterMin: 30 },
      guard: { autoStop: 'all', pods: {} },
    })
    made.provider.pods = [podWithFreshTelemetry(made.clock, pod())]
    const seen = () => made.monitor.snapshot().pods[0]!
    const stops = () => made.log.filter((line) => line.startsWith('stop'))
    return { ...made, typed, seen, stops }
  }

  test('is busy, and is not stopped, while the input is recent', async () => {
    const { monitor, clock, seen, stops } = fixture()
    monitor.start()
    await flushPromises()
    await clock.advanceAsync(180 * MINUTE_MS)
    expect(seen().activity).toMatchObject({ kind: 'busy', by: 'terminal' })
    expect(stops()).toEqual([])
  })

  test('counts as idle again from then on, and its idle time starts there', async () => {
    const { monitor, clock, typed, seen, stops } = fixture()
    monitor.start()
    await flushPromises()
    await clock.advanceAsync(180 * MINUTE_MS)
    typed.now = false
    await clock.advanceAsync(15 * MINUTE_MS)
    expect(seen().activity).toMatchObject({ kind: 'idle' })
    expect(stops()).toEqual([])
    await clock.advanceAsync(120 * MINUTE_MS)
    expect(stops()).not.toEqual([])
  })
})

test.each([
  ['the focus', '\x1b[I', '\x1b[I'],
  ['colors', '\x1b]11;rgb:0000/0000/0000\x1b\\', '\x1b]11;rgb:0000/0000/0000\x1b\\'],
  ['the cursor and the focus', '\x1b[3;4R\x1b[O', '\x1b[O'],
  ['the kind of terminal', '\x1b[?1;2c', ''],
  ['its version', '\x1bP>|xterm.js(6.0.0)\x1b\\', ''],
])('in a session, tmux sends what a program asks about %s, or leaves it to the window', (_, text, left) =>
  expect(repliesBesideTmux(text)).toBe(left),
)
