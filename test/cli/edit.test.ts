import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Simulator } from '../../src/simulator/simulator'
import type { SimulatedPodSpec } from '../../src/simulator/world/pod-spec'
import { newDataFolder, runCli, startSimulator } from '../harness/cli/cli'
import { quickPod, startWatched } from '../harness/cli/watched'

const SECRET = 'hf_very_secret_value_1234'

const trainer: SimulatedPodSpec = {
  id: 'a',
  name: 'trainer',
  mode: 'training',
  image: 'example/pytorch:2.8',
  ports: ['22/tcp', '8888/http'],
  persistent: { sizeGb: 100, path: '/workspace' },
  env: { HF_TOKEN: SECRET, SEED: '1', PODKEEPER_RUN_ID: 'run-12345678' },
}

async function start(pods: readonly SimulatedPodSpec[] = [trainer]) {
  const runpod = await startSimulator(pods, {
    networkVolumes: [{ id: 'vol', name: 'data', sizeGb: 100, dataCenterId: 'EU-RO-1' }],
  })
  const dataFolder = newDataFolder()
  const run = (...args: string[]) => runCli({ runpod, dataFolder, args, env: { TOKEN: SECRET } })
  return { runpod, dataFolder, run }
}

const patches = ({ requests }: Simulator): number =>
  requests.filter(({ method }) => method === 'PATCH').length
const written = (folder: string): string =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n')

describe('podkeeper edit', () => {
  test('renames and locks at once, and a locked pod can’t be stopped or changed until it is unlocked', async () => {
    const { runpod, run } = await start()
    expect(await run('edit', 'trainer', '--name', 'trainer-2', '--lock')).toMatchObject({
      code: 0,
      stdout: 'trainer was changed.\n',
    })
    expect(runpod.pod('a')).toMatchObject({ name: 'trainer-2', locked: true })
    expect((await run('stop', 'trainer-2', '--yes')).code).not.toBe(0)
    const refused = await run('edit', 'trainer-2', '--image', 'example/vllm:1', '--yes')
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('Unlock it first') as string })
    expect(await run('edit', 'trainer-2', '--unlock')).toMatchObject({ code: 0 })
    expect(runpod.pod('a')['locked']).toBe(false)
    expect(patches(runpod)).toBe(2)
  })

  test('says what restarts and what is wiped, asks, and keeps variables that are not named', async () => {
    const { runpod, dataFolder, run } = await start()
    const change = [
      'edit',
      'trainer',
      '--port',
      '22/tcp',
      '6006/http',
      '--env',
      'A=1',
      'B=2',
      '--remove-env',
      'SEED',
      '--args',
      'python train.py',
      '--registry',
      'credentials-1',
      '--global-networking',
    ]
    const unasked = await run(...change)
    expect([unasked.code, patches(runpod)]).toEqual([2, 0])
    expect(unasked.stderr).toContain('Wipes everything outside /workspace.')
    const changed = await run(...change, '--yes', '--json')
    expect(changed.code).toBe(0)
    expect(JSON.parse(changed.stdout)).toMatchObject({ action: 'edit', outcome: 'done', pod: { id: 'a' } })
    const { env, ports, args, registry, globalNetworking } = runpod.pod('a')
    expect([args, registry, globalNetworking]).toMatchObject([
      'python train.py',
      'credentials-1',
      { enabled: true },
    ])
    expect(env).toEqual({ HF_TOKEN: SECRET, PODKEEPER_RUN_ID: 'run-12345678', A: '1', B: '2' })
    expect(ports).toEqual(['22/tcp', '6006/http'])
    expect(
      unasked.stdout + unasked.stderr + changed.stdout + changed.stderr + written(dataFolder),
    ).not.toContain(SECRET)
    expect(written(dataFolder)).toContain('ports 22/tcp 6006/http, sets A B, removes SEED')
  })

  test('with --dry-run prints the request, masked, and sends nothing', async () => {
    const { runpod, run } = await start()
    const { code, stdout, stderr } = await run(
      'edit',
      'trainer',
      '--env',
      'TOKEN',
      '--disk',
      '80',
      '--dry-run',
    )
    expect([code, patches(runpod)]).toEqual([0, 0])
    expect(stdout).toContain('"TOKEN": "[hidden]"')
    expect(stdout).toContain('"disk": 80')
    expect(stderr).toContain('Container disk: 80 GB, now 40 GB')
    expect(stdout + stderr).not.toContain(SECRET)
  })

  test.each([
    [['--port', '22/tcp', '70000/http'], '--port, line 2: Enter ports'],
    [['--image', 'two words'], '--image: Enter an image'],
    [['--env', 'A-B=1'], '--env, line 1: Enter variables as NAME=value.'],
    [['--persistent', '50'], '--persistent: Enter a whole number of GB, at least 100'],
    [['--lock', '--unlock'], 'not both'],
    [['--name', 'other'], '--name: Another pod already has this name.'],
    [[], 'Say what to change'],
  ])('refuses %j with its reason, with nothing sent', async (args, words) => {
    const { runpod, run } = await start([trainer, { id: 'b', name: 'other', mode: 'idle' }])
    const { code, stderr } = await run('edit', 'trainer', ...args, '--yes')
    expect([code === 0, patches(runpod)]).toEqual([false, 0])
    expect(stderr).toContain(words)
  })

  test('finds out by reading what became of a request whose answer is lost', async () => {
    const { runpod, run } = await start()
    runpod.fault({ kind: 'reset-after', method: 'PATCH', count: 1 })
    expect(await run('edit', 'trainer', '--name', 'trainer-2')).toMatchObject({ code: 0 })
    expect(patches(runpod)).toBe(1)
  })
})

test('a program that holds the data folder carries edits and changes of volumes out, and writes them down', async () => {
  const { runpod, run, folder } = await startWatched([quickPod('a')])
  expect(await run('edit', 'a', '--lock')).toMatchObject({ code: 0, stdout: 'a was locked.\n' })
  const made = await run('volumes', 'create', 'new', '10', '--data-center', 'US-KS-2', '--yes')
  expect(made).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('was created: 10 GB in US-KS-2') as string,
  })
  expect(await run('volumes', 'delete', 'new', '--confirm-name', 'new')).toMatchObject({ code: 0 })
  expect(runpod.pod('a')['locked']).toBe(true)
  expect(written(join(folder, 'activity'))).toContain('The network volume new was deleted.')
})
