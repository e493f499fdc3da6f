import { describe, expect, test } from 'vitest'
import type { CreateView } from '../../../../src/core/creation/create-view'
import {
  createOutcome,
  createStateText,
  createStateWord,
  createTryText,
  openCreates,
  triesText,
} from '../../../../src/renderer/pod-model/text/create-text'
import { newPodTarget, parseNewPodTarget } from '../../../../src/renderer/pod-model/commands/new-pod-target'
import { toastsOf } from '../../../../src/renderer/toasts/create-toasts'
import { createView, NOW_MS, podView } from '../../../harness/samples/pod-views'

const view = (more: Partial<CreateView> = {}) => createView(more)

describe('what is shown while a pod is created', () => {
  test('a request on its way names its choice, and those that were not free', () => {
    const create = view({
      phase: 'sent',
      candidate: '2 × A100 SXM',
      tries: [
        { label: '2 × H100 SXM', atMs: 1, outcome: 'no-capacity' },
        { label: '2 × H200 SXM', atMs: 2, outcome: 'too-expensive' },
        { label: '2 × H100 SXM', atMs: 3, outcome: 'not-allowed' },
      ],
    })
    expect([createStateWord(create), createStateText(create, NOW_MS)]).toEqual([
      'Requesting',
      'Asking Runpod for 2 × A100 SXM…',
    ])
    expect(triesText(create)).toEqual([
      '2 × H100 SXM: not allowed for your key',
      '2 × H200 SXM: too expensive now',
    ])
  })

  test('a row has the try under way, which choice it is, and when it comes', () => {
    const candidates = ['H100 SXM', 'A100 SXM'].map((label) => ({ label, perHourUsd: 2 }))
    const second = view({ candidates, candidate: 'A100 SXM', phase: 'sent' })
    expect(createTryText(view(), NOW_MS)).toBe('H100 SXM')
    expect(createTryText(second, NOW_MS)).toBe('A100 SXM, choice 2 of 2')
    const later = { ...second, phase: 'waiting', nextTryAtMs: NOW_MS + 120_000 } as const
    expect(createTryText(later, NOW_MS)).toBe('Next try in 2 min: A100 SXM, choice 2 of 2')
    expect(createTryText(later, NOW_MS + 120_000)).toBe('A100 SXM, choice 2 of 2')
    expect(createTryText({ ...second, isUnclear: true }, NOW_MS)).toBe('Looking for the pod with A100 SXM')
    expect(createTryText({ ...second, podId: 'p' }, NOW_MS)).toBe('A100 SXM, in the next list')
  })

  test('an unclear one says that nothing else is sent', () => {
    const create = view({ phase: 'sent', isUnclear: true, message: 'No reply came.' })
    expect(createStateWord(create)).toBe('Checking')
    expect(createStateText(create, NOW_MS)).toBe(
      'No reply came. Podkeeper looks for the pod and sends nothing else until it knows.',
    )
    expect(createStateText({ ...create, message: null }, NOW_MS)).toMatch(
      /^The request for .* got no clear answer\./,
    )
  })

  test('one that waits says when it tries again, and its limits', () => {
    const create = view({
      phase: 'waiting',
      isWaitingForCapacity: true,
      nextTryAtMs: NOW_MS + 40_000,
      expiresAtMs: NOW_MS + 3_600_000,
      maxPerHourUsd: 3,
    })
    expect(createStateText(create, NOW_MS)).toMatch(
      /^No GPU is available\. Trying again in 40 s, until .*, at up to \$3\.00\/hr\.$/,
    )
    expect(createStateText({ ...create, nextTryAtMs: NOW_MS - 1 }, NOW_MS)).toContain('Trying again now')
  })

  test('one that was put off says for how long and why', () => {
    const create = view({ phase: 'scheduled', message: 'Too many requests.', nextTryAtMs: NOW_MS + 5_000 })
    expect(createStateText(create, NOW_MS)).toMatch(/^Too many requests\. Asking for .* in 5 s\.$/)
    expect(createStateText(view({ phase: 'accepted' }), NOW_MS)).toContain('Runpod accepted it')
  })
})

test('a create is shown until its pod is, and never once it ended', () => {
  const waiting = view({ id: 'w', phase: 'waiting' })
  const made = view({ id: 'm', phase: 'accepted', podId: 'pod-1' })
  const ended = view({ id: 'e', phase: 'failed' })
  const ids = (keys: readonly string[]) =>
    openCreates([waiting, made, ended], new Map(keys.map((key) => [key, true]))).map(({ id }) => id)
  expect(ids([])).toEqual(['w', 'm'])
  expect(ids(['account/pod-1'])).toEqual(['w'])
  expect(openCreates(undefined, new Map())).toEqual([])
})

describe('how it ended', () => {
  test('a pod that was created is told for some seconds, a failure until someone saw it', () => {
    const made = view({ phase: 'observed', podId: 'pod-1', atMs: NOW_MS })
    expect(createOutcome(made, NOW_MS + 5_000)?.title).toMatch(/ was created$/)
    expect(createOutcome(made, NOW_MS + 6_000)).toBe(null)
    const failed = view({ phase: 'failed', message: 'The image is not valid.', atMs: NOW_MS })
    expect(createOutcome(failed, NOW_MS + 600_000)).toMatchObject({
      kind: 'not-created',
      body: 'The image is not valid.',
    })
  })

  test('one that is not known is never said not to exist', () => {
    const lost = view({ phase: 'did-not-happen', isUnclear: true, message: null, atMs: NOW_MS })
    expect(createOutcome(lost, NOW_MS)).toMatchObject({
      title: `No pod of ${lost.name} was seen`,
      body: 'Podkeeper keeps looking for it.',
    })
    expect(createOutcome({ ...lost, isUnclear: false }, NOW_MS)?.title).toMatch(/was not created$/)
  })

  test('one that was canceled says why, where nobody did it', () => {
    expect(createOutcome(view({ phase: 'cancelled', atMs: NOW_MS }), NOW_MS)?.kind).toBe('canceled')
    expect(createOutcome(view({ phase: 'cancelled', atMs: NOW_MS }), NOW_MS + 6_000)).toBe(null)
    expect(
      createOutcome(view({ phase: 'cancelled', message: 'Podkeeper quit.', atMs: NOW_MS }), NOW_MS + 60_000)
        ?.kind,
    ).toBe('not-created')
    for (const phase of ['scheduled', 'waiting', 'sent', 'accepted'] as const)
      expect(createOutcome(view({ phase }), NOW_MS)).toBe(null)
  })

  test('an earlier failure is not told once the same was asked for again', () => {
    const failed = view({ id: '1', phase: 'failed', atMs: NOW_MS })
    const again = view({ id: '2', phase: 'waiting' })
    const titles = (...creates: CreateView[]) => toastsOf(creates, new Map(), NOW_MS).map(({ kind }) => kind)
    expect(titles(failed)).toEqual(['not-created'])
    expect(titles(failed, again)).toEqual([])
    expect(titles(failed, { ...again, accountId: 'other' })).toEqual(['not-created'])
  })

  test('the old pod may go only once the new one runs, and while it is there', () => {
    const create = view({ phase: 'observed', podId: 'new', replacesPodId: 'old', atMs: NOW_MS - 3_600_000 })
    const pods = (phase: 'creating' | 'running', more = {}) =>
      new Map(
        [
          podView({ id: 'new', key: 'account/new', phase }),
          podView({
            id: 'old',
            key: 'account/old',
            name: 'old',
            actions: ['terminate'],
            costPerHourUsd: 2,
            ...more,
          }),
        ].map((pod) => [pod.key, pod]),
      )
    const bodies = (map: ReturnType<typeof pods>) => toastsOf([create], map, NOW_MS).map(({ body }) => body)
    expect(bodies(pods('running'))).toEqual(['old, which it replaces, still costs $2.00/hr.'])
    expect(bodies(pods('creating'))).toEqual([])
    expect(bodies(pods('running', { actions: [] }))).toEqual([])
    expect(toastsOf([{ ...create, replacesPodId: null }], pods('running'), NOW_MS)).toEqual([])
  })
})

test('the target of the page is read back as it was written, and nothing else is', () => {
  for (const target of [
    { kind: 'like', podKey: 'account/pod' },
    { kind: 'rebuild', podKey: 'account/pod' },
    { kind: 'create', accountId: 'a:b', createId: 'c', isWaiting: true },
    { kind: 'create', accountId: 'a', createId: 'c', isWaiting: false },
  ] as const)
    expect(parseNewPodTarget(newPodTarget(target))).toEqual(target)
  for (const text of ['', 'like:', 'like:nokey', 'create:a', 'wait:', 'wait:c', 'rebuild', 'x:account/pod'])
    expect(parseNewPodTarget(text)).toBe(null)
})
