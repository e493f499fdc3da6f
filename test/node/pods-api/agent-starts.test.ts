import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { AGENT_STARTS_KEPT_MS, type AgentStart } from '../../../src/core/pods-api/access/standing-limit'
import { openAgentStartsFile } from '../../../src/node/pods-api/agent-starts-file'
import { writeFormatFile } from '../../harness/data-folder/migrated-folder'

const NOW_MS = Date.UTC(2026, 10, 24)

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-starts-'))
  writeFormatFile(folder)
  return folder
}

const startOf = (id: string, more: Partial<AgentStart> = {}): AgentStart => ({
  id,
  agent: 'claude',
  accountId: 'a',
  podId: null,
  perHourUsd: 2,
  maxHours: null,
  atMs: NOW_MS,
  ...more,
})
const always = (): boolean => true
const idsOf = (starts: readonly AgentStart[]): string[] => starts.map(({ id }) => id)

test('starts are known to a later program, by agent, for 30 days', () => {
  const folder = newFolder()
  const file = openAgentStartsFile(folder)
  file.add(startOf('old', { atMs: NOW_MS - AGENT_STARTS_KEPT_MS }), always)
  file.add(startOf('other', { agent: 'codex' }), always)
  file.add(startOf('mine'), always)
  const listed = openAgentStartsFile(folder).list('claude', NOW_MS)
  expect(listed.ok && idsOf(listed.value)).toEqual(['mine'])
  expect(readFileSync(join(folder, 'agent-starts.json'), 'utf8')).not.toContain('"old"')
})

test('a start is compared with what is there when it is written', () => {
  const file = openAgentStartsFile(newFolder())
  const onlyOne = (earlier: readonly AgentStart[]): boolean => earlier.length === 0
  expect(file.add(startOf('first'), onlyOne)).toEqual({ ok: true, value: true })
  expect(file.add(startOf('second'), onlyOne)).toEqual({ ok: true, value: false })
})

test('a start that became a pod has its id, and one that became none counts no longer', () => {
  const file = openAgentStartsFile(newFolder())
  for (const id of ['first', 'second']) file.add(startOf(id), always)
  file.settle('first', 'pod-1')
  file.settle('second', null)
  expect(file.list('claude', NOW_MS)).toEqual({ ok: true, value: [startOf('first', { podId: 'pod-1' })] })
})

test('a damaged file allows nothing', () => {
  const folder = newFolder()
  writeFileSync(join(folder, 'agent-starts.json'), '{"version":1,"starts":[{}]}')
  const file = openAgentStartsFile(folder)
  expect(file.list('claude', NOW_MS).ok).toBe(false)
  expect(file.add(startOf('first'), always).ok).toBe(false)
})
