import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { readServerRules } from '../../../src/node/servers/read-server'
import { readServerPage } from '../../../src/node/servers/read-server-page'
import { askServer } from '../../../src/node/servers/server-client'
import type { AccountServer } from '../../../src/node/servers/servers-file'
import { startCli } from '../../harness/cli/cli'
import { startServed } from '../../harness/cli/served'
import { startTeam, teamCa, tlsFixture } from '../../harness/cli/team'
import { actionsOf } from '../../harness/cli/watched'

/* Two computers whose account a server keeps, each with a key of its own of one simulated Runpod. */

test('two computers and a server act once: what either asks for is done, kept and logged by the server', async () => {
  const { runpod, served, origin, startComputer } = await startTeam()
  const [alice, bob] = await Promise.all(['alice', 'bob'].map(startComputer))
  const tokens = await Promise.all(['alice', 'bob'].map((name) => served.newToken(name, '--role', 'spend')))
  for (const [index, computer] of [alice!, bob!].entries())
    expect(await computer.login(tokens[index]!)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('keeps environment from now on'),
    })
  expect(readFileSync(join(alice!.folder, 'servers.json'), 'utf8')).toContain(origin)

  // A hold from one computer counts at the server, and the other one ends it.
  expect(await alice!.run(['keep', 'sleepy', '1h'])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('kept running'),
  })
  const rulesAtServer = async () => (await served.run('rules', 'sleepy', '--json')).stdout
  expect(JSON.parse(await rulesAtServer()).keepOn.until).not.toBeNull()
  expect(JSON.parse((await bob!.run(['rules', 'sleepy', '--json'])).stdout).keepOn.until).not.toBeNull()
  const [link] = Object.values(JSON.parse(readFileSync(join(bob!.folder, 'servers.json'), 'utf8')).servers)
  const log = await readServerPage(link as AccountServer, 'activity', askServer)
  expect(log.ok && log.value.map(({ text }) => text)).toContainEqual(
    expect.stringMatching(/sleepy.*alice|alice.*sleepy/),
  )
  expect(await readServerPage(link as AccountServer, 'queue', askServer)).toEqual({ ok: true, value: [] })
  const shown = await readServerRules(link as AccountServer, askServer)
  expect(shown.ok && shown.value?.pods.get('sleepy')?.keepRunning?.until).toBeGreaterThan(Date.now())
  expect((await bob!.run(['keep', 'sleepy', 'off'])).code).toBe(0)
  expect(JSON.parse(await rulesAtServer()).keepOn).toBeNull()
  expect((await bob!.run(['rules', 'sleepy', 'set', 'maxHours=9'])).code).toBe(0)
  expect(JSON.parse(await rulesAtServer()).rules.maxHours).toBe(9)
  for (const { folder } of [alice!, bob!])
    expect(readFileSync(join(folder, 'config.json'), 'utf8')).not.toMatch(/maxHours|keepOn/)
  // What would hold nothing here is refused.
  expect(await alice!.run(['auto-stop', 'all'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Use podkeeper auto-stop there'),
  })
  expect(await alice!.run(['auto-stop'])).toMatchObject({ code: 1, stdout: '' })
  expect(await alice!.run(['guard', 'install', 'sleepy', '--yes'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Use podkeeper guard there'),
  })
  const rules = join(alice!.folder, 'rules.yaml')
  writeFileSync(rules, 'podkeeper: 1\naccounts:\n  environment:\n    autoStop: all\n')
  expect(await alice!.run(['apply', rules])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/The server localhost:\d+ keeps this account/),
  })
  expect(await alice!.run(['export'])).toMatchObject({
    code: 0,
    stdout: expect.not.stringContaining('environment'),
    stderr: expect.stringContaining('left out'),
  })

  expect(await alice!.run(['stop', 'sleepy'])).toMatchObject({ code: 0 })
  expect(actionsOf(runpod)).toEqual(['stop sleepy'])
  const { stdout } = await served.run('activity')
  expect(stdout).toMatch(/alice/)
  expect(stdout).toMatch(/bob.* a change of the rules of sleepy/)
  const ownLog = (await alice!.run(['activity'])).stdout
  expect(ownLog).not.toContain('sleepy')
  // Who connected which account to which server, and nothing that lets anyone in.
  expect(ownLog).toMatch(/You connected environment to the server localhost:\d+ on the command line\./)
  expect(ownLog).not.toContain('pkp_')
  expect(ownLog).not.toContain('disconnected')
})

test('a stop is sent from here only where a person says so, while the server can’t be reached', async () => {
  const { runpod, served, startComputer } = await startTeam()
  const alice = await startComputer('alice')
  await alice.login(await served.newToken('alice', '--role', 'operate'))
  // The server leaves a stop that may lose data to a person, who is here.
  expect(await alice.run(['stop', 'lossy', '--yes'])).toMatchObject({ code: 0 })
  expect(actionsOf(runpod)).toEqual(['stop lossy'])
  served.serve.child.kill('SIGTERM')
  await served.serve.exited
  const lost = await alice.run(['stop', 'busy1', '--yes'])
  expect(lost).toMatchObject({ code: 4, stderr: expect.stringMatching(/can’t be reached.*--directly/) })
  expect(await alice.run(['start', 'lossy'])).toMatchObject({ code: 4 })
  expect(await alice.run(['keep', 'busy1', '1h'])).toMatchObject({ code: 4 })
  expect(actionsOf(runpod)).toEqual(['stop lossy'])
  expect(await alice.run(['stop', 'busy1', '--yes', '--directly'])).toMatchObject({ code: 0 })
  expect(actionsOf(runpod)).toEqual(['stop lossy', 'stop busy1'])
  expect(await alice.run(['logout', '--server'])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('acts for environment'),
  })
  expect((await alice.run(['activity'])).stdout).toMatch(
    /You disconnected environment from the server localhost:\d+ on the command line\./,
  )
  expect((await alice.run(['keep', 'lossy', '1h'])).code).toBe(0)
})

test('a server that gives up on a stop leaves open whether it was carried out, and one that is busy does not', async () => {
  const { runpod, served, origin, startComputer } = await startTeam()
  const alice = await startComputer('alice')
  await alice.login(await served.newToken('alice', '--role', 'operate'))
  let status = 502
  const proxy = createServer(
    { key: readFileSync(tlsFixture('key.pem')), cert: readFileSync(teamCa) },
    (_, response) => response.writeHead(status).end('<h1>Bad gateway</h1>'),
  )
  await new Promise<void>((resolve) => proxy.listen(0, 'localhost', resolve))
  onTestFinished(() => proxy.close().closeAllConnections())
  const file = join(alice.folder, 'servers.json')
  const { port } = proxy.address() as AddressInfo
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll(origin, `https://localhost:${port}`))
  const unclear = await alice.run(['stop', 'busy1', '--yes'])
  expect(unclear).toMatchObject({ code: 4, stderr: expect.stringMatching(/not known whether.*--directly/) })
  expect(unclear.stderr).not.toContain('Nothing was done')
  status = 503
  expect(await alice.run(['stop', 'busy1', '--yes'])).toMatchObject({
    code: 4,
    stderr: expect.stringMatching(/can’t be reached.*Nothing was done\./),
  })
  expect(actionsOf(runpod)).toEqual([])
})

test('a server is kept only where it proves itself, takes the token and shows this account', async () => {
  const { served, origin, startComputer } = await startTeam()
  const alice = await startComputer('alice')
  const token = await served.newToken('alice', '--role', 'operate')
  const login = (args: readonly string[], input = token) => alice.run(['login', ...args], `${input}\n`)
  expect(await login(['--server', origin])).toMatchObject({
    code: 4,
    stderr: expect.stringContaining('certificate'),
  })
  expect(await login(['--server', origin.replace('https', 'http'), '--ca', teamCa])).toMatchObject({
    code: 2,
  })
  expect(await login(['--server', origin, '--ca', teamCa], `pkp_${'x'.repeat(40)}`)).toMatchObject({
    code: 1,
  })
  const other = await served.newToken('other', '--role', 'operate', '--pods', 'nobody-*')
  expect(await login(['--server', origin, '--ca', teamCa], other)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('may be another account'),
  })
  expect(await alice.run(['logout', '--server'])).toMatchObject({
    stdout: expect.stringContaining('No server keeps'),
  })
  expect((await alice.run(['activity'])).stdout).not.toMatch(/connected environment/)
})

test('a watch beside it shows the pods and whose they are', async () => {
  const { served, runpod, startComputer } = await startTeam()
  const alice = await startComputer('alice')
  await alice.login(await served.newToken('alice', '--role', 'operate'))
  const watch = startCli({ args: ['watch', '--log', 'text'], runpod, dataFolder: alice.folder })
  await vi.waitFor(
    () => expect(watch.stdout() + watch.stderr()).toMatch(/A server manages these pods.*localhost/),
    {
      timeout: 60_000,
    },
  )
  expect(await alice.run(['health'])).toMatchObject({ code: 0 })
  watch.child.kill('SIGTERM')
  await watch.exited
})

test('a job that a token of this computer adds waits at the server, and while that is lost, it is refused', async () => {
  const { served, runpod, startComputer } = await startTeam()
  const alice = await startComputer('alice')
  await alice.login(await served.newToken('alice', '--role', 'spend'))
  const desktop = await startServed({ runpod, folder: alice.folder })
  const [lab] = (await desktop.send('/labs')).body.data
  const body = { labId: lab.id, title: 'train', command: 'python train.py' }
  const added = await desktop.send('/experiments', { method: 'POST', body })
  expect(added).toMatchObject({ status: 201, body: { data: { title: 'train', labId: lab.id } } })
  const jobsAt = async (run: (...args: string[]) => ReturnType<typeof alice.run>) =>
    JSON.parse((await run('queue', 'list', '--json')).stdout).jobs.map(
      ({ name }: { readonly name: string }) => name,
    )
  expect(await jobsAt(served.run)).toEqual(['train'])
  expect(await jobsAt(desktop.run)).toEqual([])
  expect((await desktop.run('activity')).stdout).toMatch(
    /all requested the job train, which its server is asked/,
  )
  expect((await served.run('activity')).stdout).toMatch(/alice requested the job train/)
  const { _id } = added.body.data
  expect((await desktop.send(`/experiments?labId=${lab.id}`)).body.data).toMatchObject([{ _id }])
  expect(await desktop.send(`/experiments/${_id}/cancel`, { method: 'POST' })).toMatchObject({
    status: 200,
    body: { data: { _id, status: 'fail' } },
  })

  served.serve.child.kill('SIGTERM')
  await served.serve.exited
  const lost = await desktop.send('/experiments', { method: 'POST', body: { ...body, title: 'late' } })
  expect(lost).toMatchObject({
    status: 503,
    body: { error: { message: expect.stringMatching(/can’t be reached.*Nothing was done/) } },
  })
  expect(await jobsAt(desktop.run)).toEqual([])
})
