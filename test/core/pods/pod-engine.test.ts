import { expect, test } from 'vitest'
import { stopQuestion } from '../../../src/core/confirmation/pod-questions'
import { engineOf } from '../../../src/core/pods/pod-engine'
import { fitProblem } from '../../../src/core/queue/jobs/job-fit'
import { parsePod } from '../../../src/providers/runpod/parse/parse-pod'
import { jobSpec } from '../../harness/samples/job-spec'
import { pod } from '../../harness/samples/pods'

test.each([
  ['sky-train-1a2b3c4d-head', 'skypilot'],
  ['x-9f-00ff00ff-worker', 'skypilot'],
  ['dstack-main-train-0-0-k3x9ab2q', 'dstack'],
  ['train-head', null],
  ['head', null],
  ['train-1a2b3c4g-head', null],
  ['my-dstack-train-k3x9ab2q', null],
  ['dstack-server', null],
])('the engine of %s is %s', (name, engine) => {
  expect(engineOf(name)).toBe(engine)
  const parsed = parsePod({ id: 'p', name, status: 'RUNNING' })
  expect(parsed?.engine ?? null).toBe(engine)
})

test('a pod of an engine gets no jobs, and the question before its stop says that it may start again', () => {
  const own = pod({ name: 'trainer' })
  const ofEngine = pod({ name: 'sky-train-1a2b3c4d-head', engine: 'skypilot' })
  const { needs } = jobSpec()
  expect(fitProblem(needs, 'a/p', own)).toBeNull()
  expect(fitProblem(needs, 'a/p', ofEngine)).toContain('belongs to SkyPilot')
  const linesOf = (of: typeof own): string =>
    stopQuestion(of, null)
      .text.lines.map(({ text }) => text)
      .join('\n')
  expect(linesOf(own)).not.toContain('again')
  expect(linesOf(ofEngine)).toContain('SkyPilot made this pod, and may start it or another one again.')
})
