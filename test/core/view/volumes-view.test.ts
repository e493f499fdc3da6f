import { expect, test } from 'vitest'
import { toVolumesView } from '../../../src/core/view/volumes-view'
import { volume } from '../../harness/samples/configurations'
import { pod } from '../../harness/samples/pods'

const list = (volumes = [volume()]) => ({ volumes, readAtMs: 5, problem: null })
const unused = [{ kind: 'volume', id: 'vol-1', name: 'data', perDayUsd: 0.23, sinceMs: 42 }] as const
const user = pod({ id: 'user', networkMounts: [{ volumeId: 'vol-1', path: null }] })

test('a volume has the pods that mount it, its price by month, and since when none was seen to have it', () => {
  const [free] = toVolumesView(list(), [pod()], true, unused, []).volumes
  expect(free).toMatchObject({ podIds: [], unusedSinceMs: 42 })
  expect(free?.perMonthUsd).toBeCloseTo(7)
  const [used] = toVolumesView(list(), [pod(), user], true, unused, []).volumes
  expect(used).toMatchObject({ podIds: ['user'], unusedSinceMs: null })
  const [unseen] = toVolumesView(list(), [], true, [], []).volumes
  expect(unseen?.unusedSinceMs).toBeNull()
})

test('a size that is not known and a kind without a public price have no price; a large one has two rates', () => {
  const price = (more: Parameters<typeof volume>[0]) =>
    toVolumesView(list([volume(more)]), [], true, [], []).volumes[0]?.perMonthUsd
  expect(price({ sizeGb: null })).toBeNull()
  expect(price({ isHighPerformance: true })).toBeNull()
  expect(price({ sizeGb: 2_000 })).toBeCloseTo(120)
})

test('what is open, when the list was read and why it could not be, is passed on', () => {
  const view = toVolumesView({ volumes: [], readAtMs: 5, problem: 'No reply.' }, [], false, [], ['Looking.'])
  expect(view).toEqual({
    volumes: [],
    readAtMs: 5,
    problem: 'No reply.',
    arePodsKnown: false,
    open: ['Looking.'],
  })
})
