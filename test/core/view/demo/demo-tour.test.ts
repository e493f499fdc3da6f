import { expect, test } from 'vitest'
import { tourAfter } from '../../../../src/core/view/demo/demo-tour'
import { demoNowMs, type DemoTour } from '../../../../src/core/view/demo/demo-view'
import { podView } from '../../../harness/samples/pod-views'

const tour: DemoTour = { podId: 'a', podName: 'a', step: 'working', obstacle: null, savedUsd: null }
const pod = (over: Partial<ReturnType<typeof podView>>) =>
  podView({ id: 'a', alertAfterMs: 900_000, ...over })
const idle = (idleForMs: number) =>
  pod({
    activity: { kind: 'idle', sinceMs: 0, idleForMs, quietForMs: 0, evidence: null },
  })
const guardOf = (over: Partial<ReturnType<typeof podView>['guard']>) => ({ ...podView().guard, ...over })
const planned = { kind: 'planned', cause: 'quiet', action: 'stop', atMs: 0 } as const

test('the time of the demo runs from where it was', () => {
  expect(demoNowMs({ realMs: 1_000, demoMs: 50_000, factor: 60 }, 3_000)).toBe(170_000)
})

test('the tour continues with what is observed, and never back', () => {
  const at = [idle(60_000), idle(900_000), { ...idle(1_200_000), guard: guardOf({ autoStop: planned }) }]
  const stopped = pod({ phase: 'stopped' })
  let now = tourAfter(tour, [pod({})], null)
  const steps = [now.step]
  for (const one of [...at, pod({}), stopped]) {
    now = tourAfter(now, [one], 0)
    steps.push(now.step)
  }
  expect(steps).toEqual(['working', 'idle', 'alerted', 'warned', 'warned', 'stopped'])
  expect(tourAfter(now, [stopped], 0.009)).toMatchObject({ step: 'stopped', savedUsd: null })
  const saved = tourAfter(now, [stopped], 0.25)
  expect(saved).toMatchObject({ step: 'saved', savedUsd: 0.25 })
  expect(tourAfter(saved, [], 0.75)).toMatchObject({ step: 'saved', savedUsd: 0.75, obstacle: null })
})

test('the tour says what holds it up', () => {
  const kept = { ...idle(60_000), guard: guardOf({ keepOn: { sinceMs: 0, untilMs: null } }) }
  expect(tourAfter(tour, [kept], null)).toMatchObject({ step: 'idle', obstacle: 'kept-on' })
  expect(tourAfter(tourAfter(tour, [kept], null), [idle(60_000)], null).obstacle).toBeNull()
  expect(tourAfter(tour, [], null)).toMatchObject({ step: 'working', obstacle: 'gone' })
  const intent = { action: 'stop', origin: 'person' } as NonNullable<ReturnType<typeof podView>['intent']>
  const byHand = tourAfter(tour, [pod({ phase: 'stopped', intent })], null)
  expect(byHand.obstacle).toBe('stopped-by-hand')
  expect(tourAfter(byHand, [pod({ phase: 'stopped', intent: null })], null).obstacle).toBe('stopped-by-hand')
  const byGuard = { ...intent, origin: 'quiet' as const }
  expect(tourAfter(tour, [pod({ phase: 'stopped', intent: byGuard })], null).obstacle).toBeNull()
})
