import { expect, test } from 'vitest'
import { ok } from '../../../src/core/base/result'
import type { Question } from '../../../src/core/confirmation/question-queue'
import type { DataImpact } from '../../../src/core/pods/data-impact'
import type { PodKey } from '../../../src/core/pods/pod'
import { emptySnapshot, type PodView, type Snapshot } from '../../../src/core/view/snapshot'
import { stopIdlePods } from '../../../src/main/tray/stop-idle'
import { idleFor, podView } from '../../harness/samples/pod-views'

const volume: DataImpact = {
  impact: 'kept',
  storage: 'volume',
  sizeGb: 100,
  path: '/workspace',
  stoppedCostPerDayUsd: 0.72,
}
const containerDisk: DataImpact = {
  impact: 'lost',
  storage: 'container-disk',
  sizeGb: 40,
  path: null,
  stoppedCostPerDayUsd: null,
}
const idle = (id: string, changes: Partial<PodView> = {}): PodView =>
  podView({
    id,
    name: id,
    activity: idleFor(42),
    costPerHourUsd: 4,
    stopImpact: [volume, containerDisk],
    ...changes,
  })
const of = (...pods: PodView[]): Snapshot => ({ ...emptySnapshot(0, []), pods })

/** Asks about the pods of `before`; `after` is what is observed at the answer. */
async function asked(before: Snapshot, answer: string | null, after: Snapshot = before) {
  const questions: Question[] = []
  const stopped: PodKey[] = []
  let current = before
  const result = await stopIdlePods(
    () => current,
    (question) => {
      questions.push(question)
      current = after
      return Promise.resolve(ok(answer))
    },
    {
      stopPods(podKeys) {
        stopped.push(...podKeys)
        return Promise.resolve([])
      },
    },
  )
  return { question: questions[0]?.text, stopped: stopped.map((key) => key.split('/')[1]), result }
}

test('one yes stops the idle pods that were named, and not those that would lose all data', async () => {
  const { question, stopped, result } = await asked(
    of(idle('a'), idle('b'), idle('c', { stopImpact: [] }), podView({ id: 'busy' })),
    '',
  )
  expect(question?.title).toBe('Stop 2 idle pods?')
  expect(question?.lines.map(({ text }) => text)).toEqual([
    'c would lose all data and is left out.',
    'Saves $7.94/hr.',
    'Volumes are kept; data outside them is lost.',
    'You may not get the same GPUs back.',
  ])
  expect(question?.script).toBe('a (a), idle for 42 min, $4.00/hr\nb (b), idle for 42 min, $4.00/hr')
  expect(stopped).toEqual(['a', 'b'])
  expect(result).toEqual(ok(undefined))
})

test('without a yes, or with nothing that keeps its data, no pod is stopped', async () => {
  expect((await asked(of(idle('a'), idle('b')), null)).stopped).toEqual([])
  const nothing = await asked(of(idle('a', { stopImpact: [] }), podView({ id: 'busy' })), '')
  expect(nothing).toEqual({ question: undefined, stopped: [], result: ok(undefined) })
})

test('what became busy, lost its volume or is acted on while it was asked about is left alone, and what became idle, too', async () => {
  const before = of(idle('a'), idle('b'), idle('c'))
  const after = of(idle('a'), podView({ id: 'b', name: 'b' }), idle('c', { stopImpact: [] }), idle('d'))
  const { stopped, result } = await asked(before, '', after)
  expect(stopped).toEqual(['a'])
  expect(result).toEqual({
    ok: false,
    error: '2 pods are no longer idle or have changed, so they were not stopped.',
  })
})
