import { mkdtempSync, writeFileSync } from 'node:fs'
import type * as Fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { openChannelStore } from '../../../src/node/channels/channel-store'

const faults = vi.hoisted(() => ({ readProblem: null as string | null }))

vi.mock('node:fs', async (importOriginal) => {
  const fs = await importOriginal<typeof Fs>()
  const readFileSync = (...args: Parameters<typeof Fs.readFileSync>): unknown => {
    if (faults.readProblem !== null) throw new Error(faults.readProblem)
    return fs.readFileSync(...args)
  }
  return { ...fs, readFileSync }
})

test('channels that can’t be read for a moment, as with too many open files, are read the next time', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-channels-'))
  writeFileSync(join(folder, 'format.json'), '{"version":2}')
  const open = () => openChannelStore(folder, null, () => {})
  await open().add('ntfy', 'Phone', 'ntfy.sh', { address: 'https://ntfy.sh/topic', token: null })
  const store = open()
  faults.readProblem = 'EMFILE: too many open files'
  expect([store.list(), store.problem()]).toEqual([[], expect.stringContaining('EMFILE')])
  faults.readProblem = null
  expect([store.list().length, store.problem()]).toEqual([1, null])
})
