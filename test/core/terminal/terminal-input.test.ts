import { describe, expect, test } from 'vitest'
import { createTerminalInput, isAutomaticReply } from '../../../src/core/terminal/terminal-input'
import { MINUTE_MS } from '../../../src/core/base/time'
import { createFakeClock, settle } from '../../harness/clock'
import { createMonitorRig, livePod } from '../../harness/monitor'
import { pod } from '../../harness/pods'

test('input is recent for ten minutes, on the pod that it went to', async () => {
  const clock = createFakeClock()
  const input = createTerminalInput(clock)
  input.note('a')
  await clock.pass(10 * MINUTE_MS - 1)
  expect([input.isRecent('a'), input.isRecent('b')]).toEqual([true, false])
  await clock.pass(1)
  expect(input.isRecent('a')).toBe(false)
})

describe('what a terminal sends by itself', () => {
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
  ])('is not input: %s', (_, text) => expect(isAutomaticReply(text)).toBe(true))

  test.each([
    ['a letter', 'a'],
    ['Escape', '\x1b'],
    ['an arrow', '\x1b[A'],
    ['Alt and a letter', '\x1bf'],
    ['a paste', '\x1b[200~ls\x1b[201~'],
    ['an answer with a letter behind it', '\x1b[1;1Rq'],
    ['a click', '\x1b[<0;10;10M'],
  ])('is, if a person does: %s', (_, text) => expect(isAutomaticReply(text)).toBe(false))
})

describe('an idle pod on which somebody types', () => {
  function rig() {
    const typed = { now: true }
    const made = createMonitorRig({
      hasTerminalInput: () => typed.now,
      settings: { autoStopAfterMin: 30 },
      guard: { autoStop: 'all', pods: {} },
    })
    made.provider.pods = [livePod(made.clock, pod())]
    const seen = () => made.monitor.snapshot().pods[0]!
    const stops = () => made.log.filter((line) => line.startsWith('stop'))
    return { ...made, typed, seen, stops }
  }

  test('is busy, and is not stopped, for as long as that is recent', async () => {
    const { monitor, clock, seen, stops } = rig()
    monitor.start()
    await settle()
    await clock.pass(180 * MINUTE_MS)
    expect(seen().activity).toMatchObject({ kind: 'busy', by: 'terminal' })
    expect(stops()).toEqual([])
  })

  test('counts as idle again from then on, and the rule begins to count from there', async () => {
    const { monitor, clock, typed, seen, stops } = rig()
    monitor.start()
    await settle()
    await clock.pass(180 * MINUTE_MS)
    typed.now = false
    await clock.pass(15 * MINUTE_MS)
    expect(seen().activity).toMatchObject({ kind: 'idle' })
    expect(stops()).toEqual([])
    await clock.pass(120 * MINUTE_MS)
    expect(stops()).not.toEqual([])
  })
})
