import { createServer } from 'node:http'
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { sshRouteTo } from '../harness/app/start/ssh-pod'
import { runCli } from '../harness/cli/cli'
import { prepareSshPod } from '../harness/cli/ssh-pod'
import { freePort } from '../harness/base/free-port'

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

const textOf = async (port: number): Promise<string> => (await fetch(`http://127.0.0.1:${port}/`)).text()

test('podkeeper forward leads to ports of a pod, and takes a free port', async () => {
  const { start, run, accountId, dataFolder, relay, runpod, server } = await prepareSshPod()
  const http = await listening(createServer((_, response) => response.end('from the pod')))
  const [taken, free] = [await listening(createTcpServer()), await freePort()]
  const forwarding = start({}, 'forward', 'llama', `${taken}:${http}`, `${free}:${http}`)
  await forwarding.waitForOutput(new RegExp(`http://127\\.0\\.0\\.1:${free}/ {2}port ${http} of llama`))
  const notice = new RegExp(`Port ${taken} is in use on this computer, so \\d+ is used instead\\.`)
  await forwarding.waitForOutput(notice)
  expect(forwarding.stderr()).toMatch(notice)
  expect(await textOf(free)).toBe('from the pod')
  await forwarding.waitForOutput(/\d+ B received/)
  await expect.poll(() => readFileSync(join(dataFolder, 'terminal-input.json'), 'utf8')).toContain('pod-1')

  // A restart gives the pod another address.
  runpod.setPod('pod-1', { overrides: { ssh: sshRouteTo(server) } })
  relay.cut()
  await forwarding.waitForOutput(/Connected again\./)
  expect(await textOf(free)).toBe('from the pod')
  forwarding.child.kill('SIGINT')
  expect((await forwarding.exited).code).toBe(130)

  // The next time without ports.
  const again = start({}, 'forward', '--json', 'llama')
  await again.waitForOutput(/"url"/)
  await again.waitForOutput(/\n\}\n/)
  expect(JSON.parse(again.stdout())).toEqual({
    version: 1,
    account: { id: accountId, name: 'environment' },
    pod: { id: 'pod-1', name: 'llama' },
    forwards: [
      { remotePort: http, localPort: expect.any(Number), service: null, url: expect.any(String) },
      { remotePort: http, localPort: free, service: null, url: `http://127.0.0.1:${free}/` },
    ],
  })
  again.child.kill('SIGINT')
  await again.exited
  expect(await run('forward', '--forget', 'llama')).toMatchObject({ code: 0 })
  expect(JSON.parse(readFileSync(join(dataFolder, 'forwards.json'), 'utf8'))).toEqual({
    version: 1,
    forwards: [],
  })
})

test('podkeeper forward ends in order at a signal that comes as soon as it says where a port is', async () => {
  const { dataFolder, home, runpod } = await prepareSshPod()
  const [http, free] = [await listening(createServer()), await freePort()]
  const ended = await runCli({
    args: ['forward', 'llama', `${free}:${http}`],
    runpod,
    dataFolder,
    env: { HOME: home },
    terminatedAt: /127\.0\.0\.1/,
  })
  expect(ended).toMatchObject({ code: 143, stdout: expect.stringContaining(`:${free}/`) as string })
})

test('podkeeper forward lists what listens, and refuses what it can’t do', async () => {
  const { run } = await prepareSshPod()
  const http = await listening(createServer())
  const { code, stdout } = await run('forward', '--list', 'llama')
  expect(code).toBe(0)
  expect(stdout).toMatch(new RegExp(`^ *${http} .*node`, 'm'))
  expect(await run('forward', 'llama', '0')).toMatchObject({ code: 2 })
  expect(await run('forward', 'nobody', '80')).toMatchObject({ code: 5 })
})

test('podkeeper forward needs a host key that is trusted', async () => {
  const { run } = await prepareSshPod(false)
  expect(await run('forward', 'llama', '80')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(
      "Podkeeper can’t reach the pod’s ports: its host key isn't trusted yet. Accept it with",
    ),
  })
})
