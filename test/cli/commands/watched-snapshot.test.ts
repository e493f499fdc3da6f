import { expect, test } from 'vitest'
import { watchedSnapshot } from '../../../src/cli/handlers/read/status-command'
import { ACCOUNT, newControlFolder, startHolder } from '../../harness/data-folder/control-holder'
import { failure } from '../../harness/monitor/scripted-provider'
import { pod } from '../../harness/samples/pods'

const health = { version: '1.0.0', accounts: [], outboxMessages: 0, failedChannels: 0, diskErrors: 0 }

test('the account is as the program sees it that watches, with plain texts', async () => {
  const { folder, fixture, program } = await startHolder(
    {},
    { pods: [pod({ statusReason: 'a\u001b[2J\u202eb' })] },
  )
  program.health = health
  const watched = await watchedSnapshot(folder, ACCOUNT, '1.0.0', fixture.clock)
  expect(watched).toEqual({
    ...fixture.monitor.snapshot(),
    pods: [{ ...fixture.monitor.snapshot().pods[0], statusReason: 'a[2Jb' }],
  })
})

test('a program of another version or build, or one that lost its connection, is not asked to know better', async () => {
  const { folder, fixture, program } = await startHolder()
  const read = () => watchedSnapshot(folder, ACCOUNT, '1.0.0', fixture.clock)
  expect(await read()).toBeNull()
  program.health = { ...health, version: '1.0.1' }
  expect(await read()).toBeNull()
  program.health = { ...health, isOutdated: true }
  expect(await read()).toBeNull()
  program.health = health
  expect(await read()).not.toBeNull()
  fixture.provider.listPods = async () => failure('unreachable')
  fixture.monitor.refresh()
  await fixture.clock.advanceAsync(0)
  const reading = read()
  await fixture.clock.advanceAsync(60_000)
  expect(await reading).toBeNull()
})

test('where no program watches, there is none', async () => {
  const clock = { now: () => ({ wallMs: 0, monotonicMs: 0, runId: 'a' }) }
  expect(await watchedSnapshot(newControlFolder(), ACCOUNT, '1.0.0', clock)).toBeNull()
})
