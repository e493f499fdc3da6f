import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import type { Alert } from '../../src/core/ports'
import { fail, ok } from '../../src/core/result'
import { defaultSettings } from '../../src/core/settings'
import type { Snapshot } from '../../src/core/snapshot'
import { createSystemClock } from '../../src/main/clock'
import { openJournal } from '../../src/main/journal'
import type { Session, SessionOptions } from '../../src/main/session'
import { createSession } from '../../src/main/session'
import type { AccountRecord } from '../../src/main/store'
import { createMemoryMarks } from '../../src/main/memory-marks'
import { createSimulator, FULL_KEY } from '../../src/simulator/simulator'
import type { Simulator } from '../../src/simulator/simulator'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

async function runpodWith(...names: string[]): Promise<Simulator> {
  const runpod = await createSimulator({
    seed: 1,
    pods: names.map((name) => ({ name, id: name, mode: 'training' })),
  })
  ends.push(() => runpod.close())
  return runpod
}

interface Bench {
  readonly session: Session
  readonly snapshots: Snapshot[]
  readonly journalPath: string
  clipboard: string
  account: AccountRecord | null
}

function bench(changes: Partial<SessionOptions> = {}, account: AccountRecord | null = null): Bench {
  const clock = createSystemClock()
  const journalPath = join(mkdtempSync(join(tmpdir(), 'podkeeper-session-')), 'intents.jsonl')
  const snapshots: Snapshot[] = []
  const state = { clipboard: '', account }
  const session = createSession({
    clock,
    store: {
      settings: () => defaultSettings,
      problems: [],
      marks: createMemoryMarks(),
      account: () => state.account,
      saveAccount: (record) => {
        state.account = record
      },
    },
    journal: openJournal(journalPath, clock.now().wallMs),
    secrets: { encrypt: () => Promise.resolve(fail('none')), decrypt: () => Promise.resolve(fail('none')) },
    notifier: { show: (_alert: Alert) => {} },
    log: { warn: () => {}, hide: () => {} },
    version: '0.0.0',
    hosts: 'loopback-only',
    baseUrl: undefined,
    readClipboard: () => Promise.resolve(state.clipboard),
    onSnapshot: (snapshot) => snapshots.push(snapshot),
    ...changes,
  })
  ends.push(() => session.dispose())
  return Object.assign(state, { session, snapshots, journalPath })
}

const connected = (session: Session) =>
  vi.waitFor(() => expect(session.snapshot().connection.kind).toBe('live'))

test('a key around which spaces, quotes or Bearer were copied is tried without them', async () => {
  const runpod = await runpodWith('a')
  const b = bench({ baseUrl: `${runpod.url}/v2` })
  b.clipboard = `  Bearer ${FULL_KEY}\n`
  expect(await b.session.pasteKey()).toMatchObject({ kind: 'accepted', podCount: 1, storage: 'session-only' })
  await connected(b.session)
  expect(b.session.snapshot().pods.map(({ name }) => name)).toEqual(['a'])
})

test('neither snapshots nor the journal nor the stored account hold the key', async () => {
  const runpod = await runpodWith('a')
  const b = bench({ baseUrl: `${runpod.url}/v2` })
  b.clipboard = FULL_KEY
  await b.session.pasteKey()
  await connected(b.session)
  b.session.act('a', 'stop')
  expect(JSON.stringify([b.snapshots, b.account, b.session.histories()])).not.toContain(FULL_KEY)
  expect(readFileSync(b.journalPath, 'utf8')).not.toContain(FULL_KEY)
})

test('nothing is kept of a key that is refused, and what is no key is not even sent', async () => {
  const runpod = await runpodWith()
  const b = bench({ baseUrl: `${runpod.url}/v2` })
  b.clipboard = 'rpa_wrong_key_of_somebody'
  expect(await b.session.pasteKey()).toMatchObject({ kind: 'refused' })
  expect(b.account).toBeNull()
  const sent = runpod.requests.length
  b.clipboard = 'ssh root@1.2.3.4 -p 22'
  expect(await b.session.pasteKey()).toMatchObject({ kind: 'not-a-key' })
  expect(runpod.requests.length).toBe(sent)
})

test('on the test runtime a key goes to no host but this computer', async () => {
  const b = bench()
  b.clipboard = FULL_KEY
  expect(await b.session.pasteKey()).toMatchObject({
    kind: 'undecided',
    message: expect.stringContaining('test runtime'),
  })
  expect(b.account).toBeNull()
})

test('a kept key is not sent to another address than the one it was given for', async () => {
  const runpod = await runpodWith('a')
  const account = { id: 'x', baseUrl: 'https://api.runpod.io/v2', keyEnding: 'cess', encryptedKey: 'eA==' }
  const secrets = { encrypt: () => Promise.resolve(ok('eA==')), decrypt: () => Promise.resolve(ok(FULL_KEY)) }
  const b = bench({ baseUrl: `${runpod.url}/v2`, secrets }, account)
  await b.session.restore()
  expect(b.session.snapshot().connection.kind).toBe('no-account')
  expect(b.session.snapshot().notices[0]?.text).toContain('https://api.runpod.io/v2')
  expect(runpod.requests).toEqual([])
})

test('a keyring that gives the key out connects by itself; one that does not asks again', async () => {
  const runpod = await runpodWith('a')
  const account = { id: 'x', baseUrl: `${runpod.url}/v2`, keyEnding: 'cess', encryptedKey: 'eA==' }
  const secrets = { encrypt: () => Promise.resolve(ok('eA==')), decrypt: () => Promise.resolve(ok(FULL_KEY)) }
  const good = bench({ baseUrl: `${runpod.url}/v2`, secrets }, account)
  await good.session.restore()
  await connected(good.session)

  const reset = bench({ baseUrl: `${runpod.url}/v2` }, account)
  await reset.session.restore()
  expect(reset.session.snapshot().notices[0]?.text).toContain('Paste the key ending in cess again')
  // The blob stays: the keyring may come back.
  expect(reset.account).toEqual(account)
})

test('windows can drop old snapshots: revisions rise from account to account', async () => {
  const runpod = await runpodWith('a')
  const b = bench({ baseUrl: `${runpod.url}/v2` })
  b.clipboard = FULL_KEY
  await b.session.pasteKey()
  await connected(b.session)
  await b.session.disconnect()
  await b.session.startDemo()
  await connected(b.session)
  await b.session.disconnect()
  const revisions = b.snapshots.map(({ revision }) => revision)
  expect(revisions).toEqual([...revisions].sort((x, y) => x - y))
  expect(new Set(revisions).size).toBe(revisions.length)
  expect(b.account).toBeNull()
  expect(b.session.snapshot().connection.kind).toBe('no-account')
})

test('however often the demo is started, one monitor watches', async () => {
  const b = bench()
  await Promise.all([b.session.startDemo(), b.session.startDemo(), b.session.startDemo()])
  await connected(b.session)
  const before = b.snapshots.length
  await b.session.disconnect()
  expect(b.snapshots.length).toBe(before + 1)
})
