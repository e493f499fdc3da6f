import { expect, test } from 'vitest'
import { type PodEdit, shownConfiguration } from '../../../src/core/changes/pod-edit'
import type { Pod } from '../../../src/core/pods/pod'
import type { PodConfiguration } from '../../../src/core/pods/pod-request'
import type { VolumeChange } from '../../../src/core/changes/volume-change'
import { minimumQuestion, volumeQuestion } from '../../../src/core/confirmation/change-questions'
import { editLines } from '../../../src/core/confirmation/edit-questions'
import { endpointView } from '../../harness/samples/endpoints'
import { configuration, volume } from '../../harness/samples/configurations'
import { pod } from '../../harness/samples/pods'

const { isHighPerformance: _, ...data } = volume()
const linesOf = (change: VolumeChange, of = volume()) =>
  volumeQuestion(change, { volume: of, others: [of] }, null)?.text.lines.map(({ text }) => text)

test('a question before a volume costs money says how much, or that it is not known', () => {
  const spec = { name: 'new', sizeGb: 100, dataCenterId: 'EU-RO-1', kind: 'standard' } as const
  expect(linesOf({ kind: 'create', spec })).toContain(
    'It costs $7.00 a month until you delete it, even without a pod.',
  )
  expect(linesOf({ kind: 'create', spec: { ...spec, kind: 'high-performance' } })).toContain(
    'It has no public price and costs money until you delete it, even without a pod.',
  )
  expect(linesOf({ kind: 'grow', volume: data, sizeGb: 200 })).toContain(
    'It will cost $14.00 a month instead of $7.00.',
  )
  const unknown = { ...data, sizeGb: null }
  expect(linesOf({ kind: 'grow', volume: unknown, sizeGb: 200 }, volume(unknown))).toContain(
    'It will cost $14.00 a month.',
  )
  expect(linesOf({ kind: 'delete', volume: data })).toContain('Ends $7.00 a month')
})

test('a question about a minimum of 0 says what is paid now and what requests will meet', () => {
  const lines = (over: Parameters<typeof endpointView>[0]) =>
    minimumQuestion(endpointView(over), null).text.lines.map(({ text }) => text)
  expect(lines({ minWorkers: 2, perHourUsd: 2.2 })).toEqual([
    'The endpoint (id ep-1) always keeps 2 workers now (up to $2.20/hr)',
    'The first request after a pause waits until a worker has started',
    'Requests still work: Runpod starts workers for them, up to the maximum, which stays as it is',
  ])
  expect(lines({ perHourUsd: null })[0]).toContain('1 worker now (price unknown)')
  expect(lines({ activity: { kind: 'busy', atMs: 0 } })).toContain(
    'One of its workers processed a request when it was read last',
  )
  expect(lines({ maxWorkers: 0 }).at(-1)).toBe(
    'Its maximum is 0, so no worker is started for requests either',
  )
})

test('a text that is cut says so, and a character is never cut in half', () => {
  const image = 'a'.repeat(300)
  const shown = shownConfiguration(configuration({ image: `${'b'.repeat(198)}😀😀` }))
  const [line] = editLines({ image }, shown, pod())
  expect(line?.text).toBe(`Image: ${'a'.repeat(199)}… (now ${'b'.repeat(198)}😀😀)`)
  const [removed] = editLines({ removedVariables: [`my\u202e.${'x'.repeat(200)}`] }, shown, pod())
  expect(removed?.text).toMatch(/^Variables removed: my \.x{50,60}…$/)
})

test('arguments, credentials and networking are asked about with what they were, and what they do', () => {
  const linesFor = (edit: PodEdit, more: Partial<PodConfiguration> = {}, phase: Pod['phase'] = 'running') =>
    editLines(edit, shownConfiguration(configuration(more)), pod({ phase })).map(({ text }) => text)
  expect(linesFor({ args: 'python a.py', registryId: 'c' }, { args: null, isRegistryKnown: false })).toEqual([
    'Arguments: python a.py (now not known)',
    'Registry credentials: c (now not known)',
    'Arguments may replace what the image starts. If that is its start script, SSH and Jupyter don’t start.',
    'Restarts the pod now, and ends everything that runs in it.',
    'Wipes everything outside /workspace.',
    'Keeps /workspace.',
  ])
  expect(linesFor({ args: '', registryId: null }, { args: 'x', registryId: 'c' }).slice(0, 2)).toEqual([
    'Arguments: those of the image (now x)',
    'Registry credentials: none (now c)',
  ])
  expect(linesFor({ hasGlobalNetworking: true })).toEqual([
    'Global networking: on',
    'What runs in the pod keeps running. Global networking changes when the pod starts or restarts next.',
  ])
  expect(linesFor({ hasGlobalNetworking: false }, {}, 'stopped')).toEqual([
    'Global networking: off',
    'The pod is stopped, so this takes effect when it starts.',
  ])
})
