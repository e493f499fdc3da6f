import { describe, expect, test } from 'vitest'
import { HOUR_MS, MINUTE_MS } from '../../../../src/core/base/time/time'
import type { LedgerFiles } from '../../../../src/core/money/ledger/ledger-files'
import { fail } from '../../../../src/core/base/result'
import {
  actionsSentBy,
  alertTitlesOf,
  oneHourAutoStop,
  startGuardedMonitor,
  ticked,
} from '../../../harness/guard/guarded-monitor'
import { memoryFiles } from '../../../harness/money/ledger-fixture'
import { takeFailedPolls } from '../../../harness/setup/failed-polls'

/** As of a folder that cannot be read. */
const unreadable = (): LedgerFiles => ({
  ...memoryFiles(),
  months: () => [],
  listProblem: () => 'EACCES: permission denied',
  read: () => ({ text: null, problem: 'EACCES: permission denied' }),
  write: () => fail('EACCES: permission denied'),
})

const broken = (...names: readonly (keyof LedgerFiles)[]): LedgerFiles => ({
  ...memoryFiles(),
  ...Object.fromEntries(
    names.map((name) => [
      name,
      () => {
        throw new Error(`${name} is broken`)
      },
    ]),
  ),
})

describe('alerts and stops continue', () => {
  test.each<readonly [string, () => LedgerFiles]>([
    ['cannot be read', unreadable],
    ['throw at the start', () => broken('months', 'listProblem', 'read')],
    ['throw when they are written', () => broken('write', 'remove', 'keepCopy', 'setAside')],
  ])('with costs that %s', async (_what, files) => {
    const rig = await startGuardedMonitor({ ledgerFiles: files(), guard: ticked({ maxHours: 3 }) })
    await rig.clock.advanceAsync(HOUR_MS + 20 * MINUTE_MS)
    expect(alertTitlesOf(rig, 'idle')).toHaveLength(1)
    expect(actionsSentBy(rig)).toEqual(['stop pod-1'])
    expect(rig.monitor.snapshot().connection.kind).toBe('live')
    takeFailedPolls()
  })
})

test('costs that cannot be read are reported in a notice', async () => {
  const rig = await startGuardedMonitor({ ledgerFiles: unreadable(), settings: oneHourAutoStop })
  await rig.clock.advanceAsync(30 * MINUTE_MS)
  const texts = rig.notices.all().map(({ text }) => text)
  expect(texts).toEqual([
    'The costs of earlier months cannot be read: EACCES: permission denied',
    expect.stringMatching(/^The costs of \d{4}-\d\d could not be read: EACCES/),
  ])
})

test('costs that throw are reported once, in words', async () => {
  const rig = await startGuardedMonitor({ ledgerFiles: broken('months', 'listProblem', 'read') })
  await rig.clock.advanceAsync(30 * MINUTE_MS)
  const texts = rig.notices.all().map(({ text }) => text)
  expect(texts.filter((text) => text.startsWith('Podkeeper can’t count costs now'))).toHaveLength(1)
  expect(takeFailedPolls()).toHaveLength(1)
})
