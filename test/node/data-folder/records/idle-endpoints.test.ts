import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { IdleSpans } from '../../../../src/core/endpoints/endpoint-watch'
import { openIdleEndpoints } from '../../../../src/node/data-folder/records/idle-endpoints'
import { migratedFolder } from '../../../harness/data-folder/migrated-folder'

const at = { wallMs: 60_000, monotonicMs: 1, runId: 'run-1' }
const spans: IdleSpans = {
  ep: {
    sinceMs: 1,
    observedMs: 59_999,
    costUsd: 0.5,
    unpricedMs: 0,
    dueAtMs: null,
    last: { at, idleWorkers: 1, perWorkerUsd: null },
  },
}

test('since when endpoints have been idle is kept by account, for the person alone', () => {
  const folder = migratedFolder('podkeeper-idle-endpoints')
  openIdleEndpoints(folder, () => {}).save('a', spans)
  openIdleEndpoints(folder, () => {}).save('b', {})
  const again = openIdleEndpoints(folder, () => {})
  expect([again.load('a'), again.load('b'), again.load('c')]).toEqual([spans, {}, {}])
  openIdleEndpoints(folder, () => {}).save('a', {})
  expect(again.load('a')).toEqual({})
  expect(statSync(join(folder, 'idle-endpoints.json')).mode & 0o777).toBe(0o600)
})

test('a file that can’t be read counts as empty', () => {
  const folder = migratedFolder('podkeeper-idle-endpoints')
  for (const text of ['', '{', '[]', '{"version":2}']) {
    writeFileSync(join(folder, 'idle-endpoints.json'), text)
    expect(openIdleEndpoints(folder, () => {}).load('a')).toEqual({})
  }
})
