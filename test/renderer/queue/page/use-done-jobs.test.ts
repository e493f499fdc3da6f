import { expect, test } from 'vitest'
import { DONE_AT_FIRST, withoutAnswer } from '../../../../src/renderer/queue/page/use-done-jobs'
import { jobView } from '../../../harness/samples/queue-views'

const recent = Array.from({ length: DONE_AT_FIRST + 2 }, (_, index) => jobView({ id: `job-${index}` }))

test('until older jobs are here, all of them are counted, so that the button that asks for them stays', () => {
  expect(withoutAnswer(' ', recent, 400)).toEqual({ jobs: recent.slice(0, DONE_AT_FIRST), count: 400 })
})

test('until a search is answered, what it found among the latest jobs is shown', () => {
  expect(withoutAnswer('train', recent, 400)).toEqual({ jobs: recent, count: recent.length })
})
