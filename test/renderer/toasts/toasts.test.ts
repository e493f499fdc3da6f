import { describe, expect, test } from 'vitest'
import type { DataImpact } from '../../../src/core/pods/data-impact'
import type { IntentView } from '../../../src/core/intents/intent-view'
import { toastBody, toastTitle, undoLabel, undoShare } from '../../../src/renderer/toasts/toast-text'
import { actionToasts, endTimesOf, lastUndoable } from '../../../src/renderer/toasts/undo-toasts'
import { NOW_MS, podView, intentView } from '../../harness/samples/pod-views'

const volume: DataImpact = {
  impact: 'kept',
  storage: 'volume',
  sizeGb: 100,
  path: '/workspace',
  stoppedCostPerDayUsd: 0.67,
}

function acting(id: string, over: Partial<IntentView> = {}, stopImpact: DataImpact[] = [volume]) {
  const intent = intentView({
    id: `intent-${id}`,
    podId: id,
    phase: 'scheduled',
    undoUntilMs: (over.atMs ?? NOW_MS) + 5_000,
    ...over,
  })
  return podView({ id, name: id, intent, stopImpact })
}

const toastsOf = (...pods: ReturnType<typeof acting>[]) => actionToasts(pods, NOW_MS)
const only = (...pods: ReturnType<typeof acting>[]) => {
  const toasts = toastsOf(...pods)
  expect(toasts).toHaveLength(1)
  return toasts[0]!
}

describe('a stop that can be undone', () => {
  test('counts down from the seconds of the setting, although the clock of the window lags behind', () => {
    const toast = only(acting('a'))
    expect(toastTitle(toast, NOW_MS - 900)).toBe('Stopping a in 5 s')
    expect(toastTitle(toast, NOW_MS + 1)).toBe('Stopping a in 5 s')
    expect(toastTitle(toast, NOW_MS + 3_500)).toBe('Stopping a in 2 s')
    expect(undoShare(toast, NOW_MS + 2_500)).toBe(0.5)
    expect(undoShare(toast, NOW_MS - 60_000)).toBe(1)
    expect(undoShare(toast, NOW_MS + 60_000)).toBe(0)
  })

  test('says what stays, what it costs, and that the GPU may be taken', () => {
    const toast = only(acting('a'))
    expect(toastBody(toast, NOW_MS)).toMatch(
      /\/workspace.*100 GB.*\$0\.67 a day.*You may not get this GPU back\.$/,
    )
    expect(toastBody(only(acting('a', { action: 'restart' })), NOW_MS)).toMatch(
      /^Running work will be interrupted\./,
    )
    expect(undoLabel(toast)).toBe('Undo: stop a')
  })

  test('says what is saved per hour, of several the sum and at least what is known, also once it is done', () => {
    const saving = { perHourUsd: 3.96 }
    const done = { phase: 'observed', undoUntilMs: null } as const
    const bodyOf = (...pods: ReturnType<typeof acting>[]) => toastBody(only(...pods), NOW_MS)
    expect(bodyOf(acting('a', { saving }))).toMatch(/^Saves \$3\.96\/hr\. Keeps \/workspace/)
    expect(
      bodyOf(acting('a', { saving }), acting('b', { saving: { perHourUsd: 1, isApproximate: true } })),
    ).toMatch(/^Saves approx\. \$4\.96\/hr\. a, b\./)
    expect(bodyOf(acting('a', { saving }), acting('b'))).toMatch(/^Saves at least \$3\.96\/hr\./)
    expect(bodyOf(acting('a', { ...done, saving }))).toBe('Saves $3.96/hr.')
    expect(bodyOf(acting('a', { ...done, saving }), acting('b', { ...done, saving }))).toBe('Saves $7.92/hr.')
    for (const none of [
      done,
      { ...done, phase: 'cancelled', saving },
      { ...done, saving: { perHourUsd: 0 } },
    ] as const)
      expect(bodyOf(acting('a', none))).toBe('')
  })

  test('is over once it was sent', () => {
    expect(toastsOf(acting('a', { phase: 'sent', undoUntilMs: null }))).toEqual([])
    expect(actionToasts([acting('a')], NOW_MS + 5_000)).toEqual([])
  })
})

test('stops that were asked for at once are one toast with one undo, and others have their own', () => {
  const toasts = toastsOf(
    acting('later', { atMs: NOW_MS + 3_000 }),
    acting('a'),
    acting('b', { atMs: NOW_MS + 400 }),
    acting('c', { atMs: NOW_MS + 1_200 }),
    acting('again', { action: 'restart' }),
  )
  expect(toasts.map((toast) => toast.acting.map(({ pod }) => pod.name))).toEqual([
    ['a', 'b', 'c'],
    ['again'],
    ['later'],
  ])
  expect(toastTitle(toasts[0]!, NOW_MS)).toBe('Stopping 3 pods in 5 s')
  expect(undoLabel(toasts[0]!)).toBe('Undo: stop 3 pods')
  expect(toastBody(toasts[0]!, NOW_MS)).toBe('a, b, c. Their volumes are kept.')
  expect(lastUndoable(toasts)?.acting[0].pod.name).toBe('later')
})

test('a group says how many of its pods lose everything', () => {
  const toast = only(acting('a'), acting('b', {}, []))
  expect(toastBody(toast, NOW_MS)).toBe('a, b. All data on 1 of them will be lost.')
})

test('the end of a stop is shown for some seconds, and whether someone took it back', () => {
  const ended = (over: Partial<IntentView>) => acting('a', { undoUntilMs: null, ...over })
  expect(toastTitle(only(ended({ phase: 'observed' })), NOW_MS)).toBe('a stopped')
  expect(toastTitle(only(ended({ phase: 'cancelled' })), NOW_MS)).toBe('Stop undone: a')
  const obsolete = only(ended({ phase: 'cancelled', message: 'It was started elsewhere.' }))
  expect(toastTitle(obsolete, NOW_MS)).toBe('Stop canceled: a')
  expect(toastBody(obsolete, NOW_MS)).toBe('It was started elsewhere.')
  expect(actionToasts([ended({ phase: 'observed' })], NOW_MS + 6_000)).toEqual([])
})

test('the end of what a window saw going on is shown from when it saw it, together, and once', () => {
  const cancelled = (id: string, atMs: number) => acting(id, { phase: 'cancelled', undoUntilMs: null, atMs })
  const going = endTimesOf([acting('a'), acting('b')], new Map(), NOW_MS)
  // Much was to be done, so that the window is told of them after 20 s only.
  const pods = [cancelled('a', NOW_MS + 2_000), cancelled('b', NOW_MS + 9_000)]
  const seen = endTimesOf(pods, going, NOW_MS + 20_000)
  const shown = (afterMs: number) =>
    actionToasts(pods, NOW_MS + afterMs, endTimesOf(pods, seen, NOW_MS + afterMs))
  const [toast] = shown(20_000)
  expect(toastTitle(toast!, NOW_MS + 20_000)).toBe('Stop undone: 2 pods')
  expect(shown(25_900)).toHaveLength(1)
  expect(shown(26_000)).toEqual([])
  // A window that didn't see them going on tells of no end that is long ago.
  expect(actionToasts(pods, NOW_MS + 20_000, endTimesOf(pods, new Map(), NOW_MS + 20_000))).toEqual([])
})

test('an action without an answer for long, or that has to wait, says so without an undo', () => {
  const slow = only(acting('a', { phase: 'sent', undoUntilMs: null, atMs: NOW_MS - 11_000 }))
  expect([slow.kind, toastBody(slow, NOW_MS)]).toEqual(['slow', 'Stopping: no answer yet; checking.'])
  const waiting = only(acting('a', { undoUntilMs: NOW_MS - 1, message: 'Runpod asked for a pause.' }))
  expect([waiting.kind, toastBody(waiting, NOW_MS)]).toEqual(['slow', 'Stopping… Runpod asked for a pause.'])
})

test('what lasts until someone decides is no toast', () => {
  for (const phase of ['failed', 'did-not-happen', 'waiting'] as const)
    expect(toastsOf(acting('a', { phase, undoUntilMs: null }))).toEqual([])
  expect(toastsOf(acting('a', { action: 'start' }))).toEqual([])
  expect(actionToasts([podView()], NOW_MS)).toEqual([])
})
