import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fail, ok } from '../../../src/core/base/result'
import { openChannelStore } from '../../../src/node/channels/channel-store'
import { openOutboxFile } from '../../../src/node/data-folder/journal/lazy-journal'
import { readOutbox } from '../../../src/node/data-folder/journal/journal'
import { messageId, type OutboxMessage } from '../../../src/core/channels/outbox/outbox-message'
import { START_MS } from '../../harness/base/fake-clock'
import { outgoingAlert, startInstant } from '../../harness/samples/outgoing-alerts'

function newFolder(version = 2): string {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-channels-'))
  writeFileSync(join(folder, 'format.json'), JSON.stringify({ version }))
  return folder
}
const reverse = (text: string): string => text.split('').reverse().join('')
const keyring = {
  encrypt: async (text: string) => ok(Buffer.from(reverse(text)).toString('base64')),
  decrypt: async (base64: string) => ok({ text: reverse(Buffer.from(base64, 'base64').toString()) }),
}
const locked = {
  encrypt: async () => fail('the system keyring is locked'),
  decrypt: async () => fail('the system keyring is locked'),
}
const open = (folder: string, ring: typeof keyring | typeof locked | null = null) =>
  openChannelStore(folder, ring, () => {})
const address = { address: 'https://ntfy.sh/secret-topic', token: 'tk_secret' }
const contentsOf = (folder: string): string =>
  readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n')

test('the command line keeps addresses for this user only, apart from the channels', async () => {
  const folder = newFolder()
  const added = await open(folder).add('ntfy', 'Phone', 'ntfy.sh', address)
  if (!added.ok) throw new Error(added.error)
  expect(readFileSync(join(folder, 'channels.json'), 'utf8')).not.toMatch(/secret/)
  expect(statSync(join(folder, 'channel-secrets.json')).mode & 0o777).toBe(0o600)
  expect(await open(folder).addressOf(added.value.id)).toEqual(ok(address))
  expect(await open(folder, keyring).addressOf(added.value.id)).toEqual(ok(address))
})

test('the app encrypts addresses, and the command line says that only the app can use them', async () => {
  const folder = newFolder()
  const added = await open(folder, keyring).add('ntfy', 'Phone', 'ntfy.sh', address)
  if (!added.ok) throw new Error(added.error)
  expect(contentsOf(folder)).not.toMatch(/secret-topic|tk_secret/)
  expect(await open(folder, keyring).addressOf(added.value.id)).toEqual(ok(address))
  expect(await open(folder).addressOf(added.value.id)).toMatchObject({
    ok: false,
    error: expect.stringContaining('only the app') as string,
  })
})

test('an address that the keyring does not take lasts for the session, and is never written', async () => {
  const folder = newFolder()
  const session = open(folder, locked)
  const added = await session.add('ntfy', 'Phone', 'ntfy.sh', address)
  if (!added.ok) throw new Error(added.error)
  expect(await session.addressOf(added.value.id)).toEqual(ok(address))
  expect(contentsOf(folder)).not.toMatch(/secret-topic|tk_secret/)
})

test('an address goes with its channel', async () => {
  const folder = newFolder()
  const store = open(folder)
  const added = await store.add('slack', 'Team', 'hooks.slack.com', address)
  if (!added.ok) throw new Error(added.error)
  await store.replaceAddress(added.value.id, 'slack.example', {
    address: 'https://slack.example/x',
    token: null,
  })
  expect(store.list()).toMatchObject([{ name: 'Team', host: 'slack.example' }])
  expect(contentsOf(folder)).not.toMatch(/secret-topic|tk_secret/)
  expect(store.remove(added.value.id).ok).toBe(true)
  expect([store.list(), contentsOf(folder).includes('slack.example')]).toEqual([[], false])
})

test('an address that could not be changed everywhere stays as it was, and none is left of a channel that is gone', async () => {
  const folder = newFolder()
  const store = open(folder)
  const added = await store.add('ntfy', 'Phone', 'ntfy.sh', address)
  if (!added.ok) throw new Error(added.error)
  const other = { address: 'https://ntfy.example/other', token: null }
  writeFileSync(join(folder, 'format.json'), '{"version":99}')
  expect(await store.replaceAddress(added.value.id, 'ntfy.example', other)).toMatchObject({ ok: false })
  expect([store.list()[0]?.host, await store.addressOf(added.value.id)]).toEqual(['ntfy.sh', ok(address)])
  writeFileSync(join(folder, 'format.json'), '{"version":2}')
  store.remove(added.value.id)
  expect(await store.replaceAddress(added.value.id, 'ntfy.example', other)).toMatchObject({ ok: false })
  expect(contentsOf(folder)).not.toMatch(/secret-topic|other/)
})

test('two programs change channels without losing each other’s, and see them', async () => {
  const folder = newFolder()
  const [app, cli] = [open(folder, keyring), open(folder)]
  const first = await app.add('ntfy', 'Phone', 'ntfy.sh', address)
  await cli.add('slack', 'Team', 'hooks.slack.com', address)
  if (!first.ok) throw new Error(first.error)
  expect(app.change(first.value.id, { route: 'critical' }).ok).toBe(true)
  for (const store of [app, cli])
    expect(store.list()).toMatchObject([{ name: 'Phone', route: 'critical' }, { name: 'Team' }])
  expect(await cli.add('ntfy', 'phone', 'ntfy.sh', address)).toMatchObject({ ok: false })
})

test('a damaged file says so, keeps what can be read, and is copied aside by the next change', async () => {
  const folder = newFolder()
  const path = join(folder, 'channels.json')
  const store = open(folder)
  await store.add('ntfy', 'Phone', 'ntfy.sh', address)
  const text = readFileSync(path, 'utf8').replace('"channels": [', '"channels": [{"kind": "pager"},')
  writeFileSync(path, text)
  expect([store.list().length, store.problem()]).toEqual([1, expect.stringContaining('can’t be read')])
  await store.add('slack', 'Team', 'hooks.slack.com', address)
  expect([store.list().length, store.problem()]).toEqual([2, null])
  const copies = readdirSync(folder).filter((name) => name.startsWith('channels.json.damaged-'))
  expect(copies.map((name) => readFileSync(join(folder, name), 'utf8'))).toEqual([text])
})

test('files of a newer version are left alone', async () => {
  const folder = newFolder()
  writeFileSync(join(folder, 'channels.json'), '{"version":2,"channels":[]}')
  expect(await open(folder).add('ntfy', 'Phone', 'ntfy.sh', address)).toMatchObject({ ok: false })
  expect(readFileSync(join(folder, 'channels.json'), 'utf8')).toBe('{"version":2,"channels":[]}')
  const newer = newFolder(99)
  expect(await open(newer).add('ntfy', 'Phone', 'ntfy.sh', address)).toMatchObject({ ok: false })
  expect(readdirSync(newer)).not.toContain('channels.json')
})

test('messages are read back as they were, and a torn or damaged line costs only itself', () => {
  const path = join(newFolder(), 'outbox.jsonl')
  const message = (episode: string, state: OutboxMessage['state'] = 'waiting'): OutboxMessage => ({
    kind: 'message',
    id: messageId('c', outgoingAlert({ episode }), false),
    channelId: 'c',
    alert: outgoingAlert({ episode, podName: 'a\u2028b 💩' }),
    isResolved: false,
    state,
    stateAt: startInstant,
    failure: null,
  })
  const file = openOutboxFile(path, () => START_MS)
  for (const each of [message('1'), message('2'), message('1', 'accepted')])
    expect(file.record(each)).toEqual(ok(undefined))
  file.close()
  writeFileSync(path, `${readFileSync(path, 'utf8')}{"kind":"message","id":"torn`)
  const again = openOutboxFile(path, () => START_MS)
  expect([again.latest(), again.problems]).toEqual([[message('1', 'accepted'), message('2')], []])
  again.close()
  // A digit that changed is seen by the digest.
  writeFileSync(path, readFileSync(path, 'utf8').replace('$1.20', '$9.20'))
  expect(readOutbox(path)).toHaveLength(1)
  const damaged = openOutboxFile(path, () => START_MS)
  expect(damaged.problems).toEqual([expect.stringContaining('The journal of messages was damaged')])
  damaged.close()
})
