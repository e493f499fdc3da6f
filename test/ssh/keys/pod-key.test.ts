import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { podKeyPath } from '../../../src/ssh/keys/find-keys'
import { startOpenSshForTest } from '../../harness/ssh/openssh-for-test'
import { minimalShell } from '../../harness/ssh/openssh-server'
import { captureShell, createSshClient, target, toEndpoint } from '../../harness/ssh/ssh-client'

const RUN_ID = 'f2b1c6e0-1111-4222-8333-444455556666'

async function podWithKey() {
  const here = createSshClient()
  const made = await here.ssh.generatePodKey(RUN_ID)
  if (!made.ok) throw new Error(made.error)
  const server = await startOpenSshForTest({ ...minimalShell, authorized: [made.value] })
  return { here, publicLine: made.value, server, endpoint: toEndpoint(server) }
}

test('a key for one pod alone opens that pod, before all other keys and though no account knows it', async () => {
  const { here, endpoint, server } = await podWithKey()
  const open = async (): Promise<number> => {
    const before = server.attempts()
    captureShell(await here.connect(target(endpoint, { runId: RUN_ID })))
    return server.attempts() - before
  }
  const alone = await open()
  for (const name of ['id_ed25519', 'id_ecdsa']) here.key(name, name === 'id_ecdsa' ? 'ecdsa' : 'ed25519')
  expect(await open()).toBe(alone)
})

test('a key for one pod alone is offered to no other pod', async () => {
  const { here, endpoint } = await podWithKey()
  for (const runId of [undefined, 'another-request-1234', '../podkeeper-pods/x'])
    expect(await here.connect(target(endpoint, runId === undefined ? {} : { runId }))).toMatchObject({
      error: { kind: 'no-key' },
    })
})

test('it is readable by its owner only, never overwritten, and removed where no pod was made', async () => {
  const { here, publicLine } = await podWithKey()
  const folder = join(here.home, '.ssh/podkeeper-pods')
  const path = join(folder, RUN_ID)
  expect(publicLine).toMatch(/^ssh-ed25519 [A-Za-z0-9+/=]+ podkeeper$/)
  expect([statSync(path).mode & 0o777, statSync(folder).mode & 0o777]).toEqual([0o600, 0o700])
  expect(await here.ssh.generatePodKey(RUN_ID)).toMatchObject({ ok: false })
  writeFileSync(join(folder, 'other'), '')
  await here.ssh.removePodKey(RUN_ID)
  expect(readdirSync(folder)).toEqual(['other'])
  await here.ssh.removePodKey('../podkeeper-pods/other')
  expect(readdirSync(folder)).toEqual(['other'])
})

test('only the id of a request names a file', () => {
  expect(podKeyPath('/home/a', RUN_ID)).toBe(`/home/a/.ssh/podkeeper-pods/${RUN_ID}`)
  for (const runId of [undefined, '', '..', '../../etc', 'a/b/c/d/e/f', 'short', 'x'.repeat(65)])
    expect(podKeyPath('/home/a', runId)).toBeNull()
})
