import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { ok } from '../../../src/core/base/result'
import { newChannel } from '../../../src/core/channels/channel'
import { openChannelsFile } from '../../../src/node/data-folder/channels-file'
import { openApiTokensFile } from '../../../src/node/pods-api/api-tokens-file'

/* A disk that fails for a moment, while the files stay as they are. */

const disk = vi.hoisted(() => ({ fails: false }))

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>()
  const readFileSync = (...args: Parameters<typeof fs.readFileSync>): unknown => {
    if (disk.fails) throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' })
    return fs.readFileSync(...args)
  }
  return { ...fs, readFileSync }
})

afterEach(() => void (disk.fails = false))

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-reads-'))
  writeFileSync(join(folder, 'format.json'), '{"version":2}')
  return folder
}

test('channels that could not be read for a moment are there at the next read', () => {
  const folder = newFolder()
  openChannelsFile(folder).change((channels) =>
    ok([...channels, newChannel('c', 'ntfy', 'Phone', 'ntfy.sh')]),
  )
  const file = openChannelsFile(folder)
  disk.fails = true
  expect([file.list(), file.problem()]).toEqual([[], expect.stringContaining('EIO')])
  disk.fails = false
  expect([file.list().map(({ name }) => name), file.problem()]).toEqual([['Phone'], null])
  // What is known continues.
  disk.fails = true
  expect(file.list()).toHaveLength(1)
})

test('a token whose file could not be read for a moment counts again with the next request', () => {
  const folder = newFolder()
  const created = openApiTokensFile(folder).create({
    name: 'ci',
    scopes: ['pods:read'],
    accountIds: null,
    maxHourlyUsd: null,
    podNames: null,
    createdAtMs: 0,
    expiresAtMs: null,
  })
  if (!created.ok) throw new Error(created.error)
  const file = openApiTokensFile(folder)
  disk.fails = true
  expect(file.find(created.value.token, 0)).toBeNull()
  disk.fails = false
  expect(file.find(created.value.token, 0)).toMatchObject({ name: 'ci' })
})
