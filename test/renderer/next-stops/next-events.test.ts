import { expect, test } from 'vitest'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import { nextEvents } from '../../../src/renderer/next-stops/next-events'
import { stopsView } from '../../../src/renderer/next-stops/stop-lanes'
import { guardViewWith, idleFor, NOW_MS, podView, snapshotOf } from '../../harness/samples/pod-views'

const settings = { autoStopAfterMin: 360, autoStopFirstWarningMin: 30, autoStopLastWarningMin: 5 }
const planned = (id: string, inMs: number) =>
  podView({
    id,
    name: id,
    activity: idleFor(60),
    guard: guardViewWith({ kind: 'planned', cause: 'quiet', action: 'stop', atMs: NOW_MS + inMs }),
  })
const held = podView({
  id: 'held',
  name: 'held',
  guard: guardViewWith({
    kind: 'blocked',
    cause: 'quiet',
    conditions: ['data-survives'],
    text: 'Not stopped: no volume, stopping would lose the container disk.',
  }),
})
const eventsOf = (isDryRun: boolean, ...args: Parameters<typeof snapshotOf>) => {
  const view = stopsView(snapshotOf(...args), settings)
  return view === null ? [] : nextEvents(view, () => isDryRun)
}

test('the next events are those with a time, soonest first, also beyond a day', () => {
  const events = eventsOf(false, [planned('far', 30 * HOUR_MS), held, planned('near', 2 * HOUR_MS)])
  expect(events.map(({ text, atMs }) => [text, atMs - NOW_MS])).toEqual([
    ['Stop near', 2 * HOUR_MS],
    ['Stop far', 30 * HOUR_MS],
  ])
})

test('the end of the balance is among them, with the pods that are deleted then', () => {
  const events = eventsOf(false, [planned('near', 2 * HOUR_MS)], { runwayMs: 30 * MINUTE_MS })
  expect(events.map(({ text, isLoss }) => [text, isLoss])).toEqual([
    ['Balance runs out; Runpod deletes 1 pod', true],
    ['Stop near', false],
  ])
})

test('a termination is a loss, and a dry run only says what would happen', () => {
  const view = stopsView(snapshotOf([planned('bad', HOUR_MS)]), settings)!
  const [lane] = view.lanes
  const terminating = {
    ...view,
    lanes: [{ ...lane!, stop: { ...lane!.stop, action: 'terminate' as const } }],
  }
  expect(nextEvents(terminating, () => false)).toMatchObject([{ text: 'Terminate bad', isLoss: true }])
  expect(nextEvents(terminating, () => true)).toMatchObject([
    { text: 'Dry run: would terminate bad', isLoss: false },
  ])
})

test('nothing with a time is shown from data that is old', () => {
  const connection = { kind: 'offline', sinceMs: NOW_MS, nextTryAtMs: NOW_MS, failure: 'x' } as const
  expect(eventsOf(false, [planned('near', HOUR_MS)], { connection })).toEqual([])
})
