import { expect, onTestFinished, test } from 'vitest'
import { SECOND_MS } from '../../../src/core/base/time/time'
import { podKeyOf } from '../../../src/core/pods/pod'
import type { Control } from '../../../src/cli/account/open-control'
import { type QueueCommand, runQueueCommand } from '../../../src/cli/commands/queue/queue'
import { commandOf, toJobSpec } from '../../../src/cli/commands/queue/to-spec'
import { scheduleText } from '../../../src/cli/commands/queue/queue-text'
import { CliExit } from '../../../src/cli/output/exit'
import { startHolder } from '../../harness/data-folder/control-holder'
import { createFakePodHost } from '../../harness/queue/fake-pod-host'
import { ACCOUNT, createQueueFixture, queuePod } from '../../harness/queue/queue-fixture'

const KEY = podKeyOf(ACCOUNT, 'pod-1')

/** Commands over a real socket, to a program whose queue runs on a pod in memory. */
async function started() {
  const host = createFakePodHost()
  const fixture = createQueueFixture(host)
  onTestFinished(() => fixture.queue.dispose())
  fixture.pods = [queuePod(), queuePod({ id: 'pod-2' })]
  fixture.queue.start()
  const holder = await startHolder({}, { clock: fixture.clock }, {}, fixture.queue)
  const { client } = await holder.command(null)
  onTestFinished(() => client.close())
  const control = { requests: client.requests, isRemote: true } as Control

  async function run(command: QueueCommand, isJson = false) {
    const lines: string[] = []
    const exitCode = await runQueueCommand({
      control,
      command,
      presetDigest: (name) => (name === 'h100' ? 'a'.repeat(64) : null),
      isJson,
      output: {
        progress: (text) => lines.push(text),
        status: () => {},
        clearStatus: () => {},
        result: (text) => lines.push(text),
      },
      columns: 200,
      print: (line) => lines.push(line.map(({ text }) => text).join('')),
      nowMs: () => fixture.clock.now().wallMs,
      wait: async () => {},
    }).catch((cause: unknown) => {
      if (!(cause instanceof CliExit)) throw cause
      lines.push(cause.message)
      return cause.exitCode
    })
    return { exitCode, text: lines.join('\n') }
  }
  const add = (name: string, choices: object = {}, lines: readonly string[] = []) =>
    run({ verb: 'add', words: ['60 0'], choices: { name, ...choices }, lines, accountId: null })
  const pass = async (ms: number): Promise<void> => {
    host.advance(ms)
    await fixture.clock.advanceAsync(ms)
  }
  return { run, add, pass, host, fixture }
}

test('jobs are added, listed in order, run on a pod and end', async () => {
  const { run, add, pass, host } = await started()
  expect(await add('first')).toMatchObject({
    exitCode: 0,
    text: expect.stringMatching(/^Added first \(job-1\)\.$/),
  })
  await add('second', { priority: 'high', after: ['first'] }, ['TOKEN=secret'])
  const listed = await run({ verb: 'list' })
  expect(listed.text.split('\n').map((line) => line.split(/\s+/).slice(1, 3).join(' '))).toEqual([
    'NAME STATE',
    'second queued',
    'first queued',
  ])
  expect(listed.text).toContain('Waits for first.')
  expect(listed.text).not.toContain('secret')
  expect(await run({ verb: 'run', job: 'second', pod: 'pod-1' })).toEqual({
    exitCode: 1,
    text: 'Waits for first.',
  })
  expect(host.launches).toHaveLength(0)
  expect(await run({ verb: 'run', job: 'first', pod: 'name-pod-2' })).toMatchObject({
    exitCode: 0,
    text: 'first is being started on name-pod-2.',
  })
  await pass(SECOND_MS)
  expect(host.launches.map(({ podId }) => podId)).toEqual(['pod-2'])
  expect(await run({ verb: 'log', job: 'first', isFollowing: false })).toEqual({
    exitCode: 0,
    text: 'step 1\nstep 2',
  })
  await pass(90 * SECOND_MS)
  const json = JSON.parse((await run({ verb: 'list' }, true)).text)
  expect(json.jobs.map((job: { name: string; state: string }) => [job.name, job.state])).toEqual([
    ['second', 'queued'],
    ['first', 'passed'],
  ])
  expect(json.jobs[1].run).toMatchObject({ pod: { key: `${ACCOUNT}/pod-2` }, exitCode: 0 })
})

test('what cannot be done says so, with its exit code', async () => {
  const { run, add } = await started()
  await add('twin')
  await add('twin')
  expect(await run({ verb: 'cancel', job: 'nobody' })).toMatchObject({ exitCode: 5 })
  expect(await run({ verb: 'cancel', job: 'twin' })).toMatchObject({
    exitCode: 5,
    text: expect.stringContaining('Several jobs are called twin'),
  })
  expect(await run({ verb: 'run', job: 'job-1', pod: 'nowhere' })).toMatchObject({ exitCode: 5 })
  expect(await run({ verb: 'release', job: 'job-1' })).toMatchObject({
    exitCode: 1,
    text: 'The job is not on hold.',
  })
  expect(await add('x', { after: ['nobody'] })).toMatchObject({ exitCode: 5 })
})

test('jobs are held, released, moved, canceled, retried and removed', async () => {
  const { run, add } = await started()
  await add('one')
  await add('two')
  const order = async (): Promise<string[]> =>
    JSON.parse((await run({ verb: 'list' }, true)).text).jobs.map(
      (job: { name: string; state: string }) => `${job.name} ${job.state}`,
    )
  await run({ verb: 'move', job: 'two', to: { before: 'one' } })
  expect(await order()).toEqual(['two queued', 'one queued'])
  await run({ verb: 'move', job: 'two', to: 'last' })
  await run({ verb: 'hold', job: 'two' })
  expect(await order()).toEqual(['one queued', 'two held'])
  await run({ verb: 'release', job: 'two' })
  await run({ verb: 'cancel', job: 'one' })
  expect(await order()).toEqual(['two queued', 'one canceled'])
  await run({ verb: 'retry', job: 'one' })
  expect(await order()).toEqual(['one queued', 'two queued'])
  await run({ verb: 'remove', job: 'one' })
  expect(await order()).toEqual(['two queued'])
})

const auto = {
  verb: 'auto',
  startsPod: false,
  presetName: null,
  maxPerHourUsd: null,
  acceptsNewKey: false,
} as const

test('auto-schedule is turned on and off for a pod, and paused', async () => {
  const { run, fixture } = await started()
  const rules = () => fixture.queue.view().rules
  await run({ ...auto, isOn: true, pod: 'pod-1', accountId: null })
  expect(rules()).toEqual({ podKeys: [KEY], accountIds: [], isPaused: false })
  await run({ ...auto, isOn: true, pod: null, accountId: ACCOUNT })
  expect(rules().accountIds).toEqual([ACCOUNT])
  expect(await run({ verb: 'pause' })).toMatchObject({ text: expect.stringContaining('paused') })
  await run({ verb: 'resume' })
  await run({ ...auto, isOn: false, pod: null, accountId: null })
  expect(await run({ ...auto, isOn: null, pod: null, accountId: null })).toEqual({
    exitCode: 0,
    text: 'Auto-schedule is off.',
  })
})

test('jobs may start a stopped pod or create one of a preset, at up to a price', async () => {
  const { run, fixture } = await started()
  const rules = () => fixture.queue.view().rules
  const change = (more: object) => run({ ...auto, isOn: true, pod: null, accountId: null, ...more })
  expect(await change({ pod: 'pod-1', startsPod: true })).toMatchObject({ exitCode: 2 })
  expect(await change({ startsPod: true, maxPerHourUsd: 2 })).toMatchObject({ exitCode: 2 })
  expect(await change({ presetName: 'h100', maxPerHourUsd: 2 })).toMatchObject({ exitCode: 2 })
  expect(await change({ accountId: ACCOUNT, presetName: 'none', maxPerHourUsd: 2 })).toMatchObject({
    exitCode: 5,
  })
  expect(rules().podKeys).toEqual([])
  await change({ pod: 'pod-1', startsPod: true, maxPerHourUsd: 2 })
  const rule = { accountId: ACCOUNT, presetName: 'h100', digest: 'a'.repeat(64), maxPerHourUsd: 3 }
  const { text } = await change({ accountId: ACCOUNT, presetName: 'h100', maxPerHourUsd: 3 })
  expect(text.split('\n')).toEqual([
    `Auto-schedule is on for name-pod-1, account ${ACCOUNT}.`,
    `name-pod-1 is started for a job, at up to $2.00/hr. ${scheduleText.startKey}`,
    `A pod of the preset h100 is created for a job in account ${ACCOUNT}, at up to $3.00/hr. ${scheduleText.createKey}`,
  ])
  expect(rules()).toMatchObject({ starts: [{ podKey: KEY, maxPerHourUsd: 2 }], creates: [rule] })
  // A new host key is accepted only where the job states it, and as long as it does.
  const accepting = { pod: 'pod-1', startsPod: true, maxPerHourUsd: 2, acceptsNewKey: true }
  expect(await change(accepting)).toMatchObject({
    text: expect.stringContaining('could read the job’s variables'),
  })
  await change({ accountId: ACCOUNT, presetName: 'h100', maxPerHourUsd: 3, acceptsNewKey: true })
  expect(rules()).toMatchObject({ starts: [{ acceptsNewKey: true }], creates: [{ acceptsNewKey: true }] })
  await change({ ...accepting, acceptsNewKey: false })
  expect(rules().starts).toEqual([{ podKey: KEY, maxPerHourUsd: 2 }])
  for (const wrong of [{ pod: 'pod-1' }, { ...accepting, isOn: false }])
    expect(await change({ acceptsNewKey: true, ...wrong })).toMatchObject({ exitCode: 2 })
  await change({ isOn: false, accountId: ACCOUNT, presetName: 'h100' })
  expect(rules()).toMatchObject({ creates: [], accountIds: [ACCOUNT] })
  await change({ isOn: false, pod: 'pod-1' })
  expect(rules()).toMatchObject({ starts: [], podKeys: [] })
})

test.each([
  [['python', 'train.py', '--lr', '3e-4'], 'python train.py --lr 3e-4', 'train'],
  [['echo', 'a b', "it's"], String.raw`echo 'a b' 'it'\''s'`, 'echo'],
  [['cd /x && ./run.sh'], 'cd /x && ./run.sh', 'run'],
  [['echo', '$HOME', '*'], "echo '$HOME' '*'", 'echo'],
])('the words %j are the command %j, named %j', (words, command, name) => {
  expect(commandOf(words)).toBe(command)
  expect(toJobSpec(words, {}, { lines: [], dependsOn: [], accountId: null }).spec.name).toBe(name)
})

test('values of variables never appear in an error', () => {
  const given = { lines: ['A=secret', 'A=secret'], dependsOn: [], accountId: null }
  expect(() => toJobSpec(['x'], {}, given)).toThrow('A is set twice.')
  expect(() => toJobSpec(['x'], { results: ['a'], onSuccess: 'stop' }, { ...given, lines: [] })).toThrow(
    '--to',
  )
})

test('the list has the beginning of long scripts, so that many of them fit into a reply', async () => {
  const { run, fixture } = await started()
  const command = `#!/bin/sh\n${'x'.repeat(32_000)}`
  for (let index = 0; index < 300; index += 1) await fixture.add({ command, name: `job-${index}` })
  const { exitCode, text } = await run({ verb: 'list' }, true)
  expect(exitCode).toBe(0)
  const { jobs } = JSON.parse(text)
  expect(jobs).toHaveLength(300)
  expect(jobs[0].command).toBe(`${command.slice(0, 999)}…`)
})
