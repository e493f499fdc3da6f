import { expect, test } from 'vitest'
import {
  sectionNote,
  sectionTitle,
  sectionTitleId,
} from '../../../../src/renderer/pods/sections/section-text'
import type { PodView } from '../../../../src/core/view/snapshot'
import { podView } from '../../../harness/samples/pod-views'

const section = (kind: 'needs-you' | 'running' | 'cluster' | 'stopped') => ({
  id: kind,
  kind,
  about: null,
  podKeys: [],
})

test('a section says how many pods need the user, and why', () => {
  const noteOf = (idleCount: number, ...phases: ('running' | 'error' | 'creating')[]) =>
    sectionNote(
      section('needs-you'),
      phases.map((phase) => podView({ phase })),
      idleCount,
    )
  const note = (...phases: ('running' | 'error' | 'creating')[]) => noteOf(0, ...phases)
  expect(note('running')).toBe('1 idle pod')
  expect(note('running', 'running')).toBe('2 idle pods')
  // The header counts those that aren't idle for long, too.
  expect(noteOf(3, 'running', 'running')).toBe('2 of 3 idle pods')
  expect(noteOf(2, 'running', 'error')).toBe('1 of 2 idle, 1 error')
  expect(note('error')).toBe('1 error')
  expect(note('running', 'error', 'error', 'creating')).toBe('1 idle, 2 errors, 1 stuck creating')
  const progress = {
    steps: { machine: 'done', image: 'done', container: 'failed', ssh: 'now' },
    pull: null,
    problem: { kind: 'crash-loop', starts: 3, forMs: 60_000 },
    lines: [],
    logProblem: null,
  } as const
  expect(sectionNote(section('needs-you'), [podView({ progress })], 0)).toBe('1 in a crash loop')
})

test('other sections say their number, that of stopped pods with its cost', () => {
  expect(sectionNote(section('running'), [podView()], 0)).toBe('1')
  expect(sectionNote(section('cluster'), [podView()], 0)).toBe('1 pod · read-only, change it in Runpod')
  const stopped = podView({ phase: 'stopped', stoppedDiskPerHourUsd: 0.1 })
  expect(sectionNote(section('stopped'), [stopped], 0)).toBe('1 · disks cost $2.40 a day')
})

test('a group that a person chose is named by what it is about, with its number and its rate', () => {
  const group = (kind: 'gpu' | 'data-center' | 'all', about: string | null) => ({
    id: `${kind}:${about}`,
    kind,
    about,
    podKeys: [],
  })
  const pods = [podView({ costPerHourUsd: 2 }), podView({ costPerHourUsd: 3.5 })]
  const titles = [group('gpu', 'H100 SXM'), group('data-center', 'EU-RO-1'), group('all', null)]
  expect(titles.map((one) => sectionTitle(one, null))).toEqual(['H100 SXM', 'EU-RO-1', 'All pods'])
  for (const one of titles) expect(sectionNote(one, pods, 0)).toBe('2 pods · $5.50/hr')
  // An id with a space would be two.
  expect(sectionTitleId(group('gpu', 'H100 SXM'))).toBe('section-gpu:H100_SXM')
})

test('a section counts pods without a container apart from idle ones and crash loops', () => {
  const containers: NonNullable<PodView['container']>[] = [
    { kind: 'starting', sinceMs: 0, isOverdue: true },
    { kind: 'died', why: 'gone', sinceMs: 0 },
    { kind: 'gpus-missing', gpus: 0, expected: 1 },
  ]
  const pods = [podView(), ...containers.map((container) => podView({ container }))]
  expect(sectionNote(section('needs-you'), pods, 0)).toBe(
    '1 idle, 1 without a container, 1 with a dead container, 1 with too few GPUs',
  )
})
