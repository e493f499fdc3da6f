import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { emptyPodForm } from '../../src/core/creation/form/pod-form'
import { presetJson } from '../../src/core/creation/form/preset-codec'
import { openPresetsFile } from '../../src/node/data-folder/presets-file'
import type { SimulatedPodSpec } from '../../src/simulator/world/pod-spec'
import type { Simulator, SimulatorOptions } from '../../src/simulator/simulator'
import { newDataFolder, runCli, startCli, startSimulator } from '../harness/cli/cli'
import { parseCreate } from '../../src/core/creation/create-intent'

const SECRET = 'hf_very_secret_value_1234'

async function start(options: Partial<SimulatorOptions> = {}, pods: readonly SimulatedPodSpec[] = []) {
  const runpod = await startSimulator(pods, {
    sshKeys: ['ssh-ed25519 AAAA one'],
    networkVolumes: [{ id: 'vol', name: 'data', sizeGb: 100, dataCenterId: 'EU-RO-1' }],
    conditions: { stock: { '*': 'HIGH' } },
    ...options,
  })
  const dataFolder = newDataFolder({ gpuRetryS: 1 })
  const command = (...args: string[]) => ({
    runpod,
    dataFolder,
    args,
    input: '',
    env: { TOKEN: SECRET },
  })
  return { runpod, dataFolder, command, run: (...args: string[]) => runCli(command(...args)) }
}

const posts = ({ requests }: Simulator): number =>
  requests.filter(({ method, path }) => method === 'POST' && path === '/v2/pods').length
const podsOf = async (runpod: Simulator): Promise<readonly any[]> => {
  const response = await fetch(`${runpod.url}/v2/pods`, {
    headers: { authorization: 'Bearer rpa_simulated_full_access' },
  })
  return ((await response.json()) as { pods: any[] }).pods
}
const creates = (folder: string) =>
  readFileSync(join(folder, 'creates.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => parseCreate(JSON.parse(line)))
/** Everything that was written to the data folder. */
const written = (folder: string): string =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n')

const basic = [
  'create',
  '--gpu',
  'H100 SXM,A100 SXM',
  '--image',
  'example/pytorch:2.8',
  '--name',
  'night-train',
]

describe('podkeeper create', () => {
  test('makes one pod with what was asked for, its rules and its price, and prints no value', async () => {
    const { runpod, dataFolder, run } = await start()
    const { code, stdout, stderr } = await run(
      ...basic,
      '--persistent',
      '100',
      '--env',
      'TOKEN',
      '--port',
      '8888/http',
      '--max-hours',
      '8',
      '--yes',
      '--json',
    )
    expect([code, stderr]).toEqual([
      0,
      expect.stringContaining('With H100 SXM: $2.71/hr, disks included') as string,
    ])
    const outcome = JSON.parse(stdout) as any
    const [pod] = await podsOf(runpod)
    expect(outcome).toMatchObject({ action: 'create', pod: { id: pod.id } })
    expect(pod).toMatchObject({
      name: 'night-train',
      gpu: { id: 'NVIDIA H100 80GB HBM3', count: 1 },
      mounts: { persistent: { size: 100, path: '/workspace' } },
      ports: ['8888/http', '22/tcp'],
      env: { TOKEN: SECRET, PUBLIC_KEY: 'ssh-ed25519 AAAA one' },
    })
    expect(stdout + stderr + written(dataFolder)).not.toContain(SECRET)
    expect(creates(dataFolder).at(-1)).toMatchObject({ podId: pod.id, areRulesSet: true })
    expect(JSON.parse((await run('rules', 'night-train', 'get', '--json')).stdout)).toMatchObject({
      rules: { maxHours: 8 },
    })
    const activity = await run('activity')
    expect(activity.stdout).toContain('You requested the pod night-train on the command line')
  })

  test('prints the request with masked values and its price with --dry-run, and sends nothing', async () => {
    const { runpod, dataFolder, run } = await start()
    writeFileSync(join(dataFolder, 'vars'), `A=${SECRET}\nHF={{ RUNPOD_SECRET_HF_TOKEN }}\n`)
    const { code, stdout, stderr } = await run(
      ...basic,
      '--volume',
      'data',
      '--env-file',
      join(dataFolder, 'vars'),
      '--dry-run',
      '--json',
    )
    expect(code).toBe(0)
    expect((JSON.parse(stdout) as any).requests).toMatchObject([
      {
        label: 'H100 SXM',
        body: {
          dataCenterIds: ['EU-RO-1'],
          mounts: { network: [{ volumeId: 'vol', path: '/workspace' }] },
          env: { A: '[hidden]', HF: '{{ RUNPOD_SECRET_HF_TOKEN }}' },
        },
      },
      { label: 'A100 SXM' },
    ])
    expect(stdout + stderr).not.toContain(SECRET)
    expect(posts(runpod)).toBe(0)
  })

  test('makes a key for the pod alone with --own-key, which is the only one that the pod knows', async () => {
    const { runpod, dataFolder, command } = await start()
    const home = newDataFolder()
    const one = command(...basic, '--own-key', '--yes')
    const { code } = await runCli({ ...one, env: { ...one.env, HOME: home } })
    expect(code).toBe(0)
    const [pod] = await podsOf(runpod)
    const { PUBLIC_KEY: publicKey, PODKEEPER_RUN_ID: runId } = pod.env
    const file = join(home, '.ssh/podkeeper-pods', runId)
    expect(readFileSync(`${file}.pub`, 'utf8').trim()).toBe(publicKey)
    expect(readFileSync(file, 'utf8')).toContain('OPENSSH PRIVATE KEY')
    expect(creates(dataFolder).at(-1)).toMatchObject({ runId, plan: { ownKey: { runId, publicKey } } })
    expect(written(dataFolder)).not.toContain('PRIVATE KEY')
  })

  test('waits until SSH is reachable with --wait, and says each step', async () => {
    const { run } = await start({ ssh: 'any-key', timeFactor: 4 })
    const { code, stdout, stderr } = await run(...basic, '--yes', '--wait', '--json')
    expect(stderr).toContain('night-train: ')
    expect([code, JSON.parse(stdout)]).toMatchObject([
      0,
      {
        outcome: 'observed',
        progress: { steps: { machine: 'done', container: 'done', ssh: 'done' }, problem: null },
      },
    ])
    expect(stdout).toContain('SSH is reachable')
  })

  test('takes the second choice when the first is taken, and says so', async () => {
    const { runpod, run } = await start({
      conditions: { stock: { 'NVIDIA H100 80GB HBM3': 'NONE', '*': 'HIGH' } },
    })
    const { code, stdout, stderr } = await run(...basic, '--yes')
    expect([code, stdout]).toEqual([0, expect.stringContaining('night-train') as string])
    expect(stderr).toContain('H100 SXM is sold out. Next: A100 SXM.')
    expect((await podsOf(runpod)).map(({ gpu }) => gpu.id)).toEqual(['NVIDIA A100-SXM4-80GB'])
  })

  test('offers to wait when nothing is free, and makes it with --when-free once something is', async () => {
    const { runpod, run } = await start({ conditions: { stock: { '*': 'NONE' } } })
    const { code, stderr } = await run(...basic, '--yes')
    expect([code, stderr]).toEqual([1, expect.stringContaining('--when-free') as string])
    const waiting = run(
      ...basic.slice(0, -1),
      'patient',
      '--yes',
      '--when-free',
      '--max-price',
      '5',
      '--max-hours',
      '8',
    )
    await expect.poll(() => posts(runpod)).toBeGreaterThan(3)
    runpod.scenario('stock-back')
    const { code: later, stdout } = await waiting
    expect([later, stdout]).toEqual([0, expect.stringContaining('patient') as string])
    expect(await podsOf(runpod)).toHaveLength(1)
  })

  test('finds the pod of an answer that was lost, and never asks again', async () => {
    const { runpod, dataFolder, run } = await start()
    runpod.scenario('create-cut-off')
    const { code, stdout, stderr } = await run(...basic, '--yes')
    expect([code, stdout]).toEqual([0, expect.stringContaining('was created.') as string])
    expect(stderr).toContain('No clear response')
    expect([posts(runpod), (await podsOf(runpod)).length]).toEqual([1, 1])
    expect(creates(dataFolder).at(-1)).toMatchObject({ phase: 'observed' })
  })

  test('says that it is not known when it is broken off, and another command finds the pod later', async () => {
    const { runpod, dataFolder, command, run } = await start()
    runpod.fault({ kind: 'server-error', method: 'POST', path: '/v2/pods', count: 1 })
    const creating = startCli(command(...basic, '--yes'))
    await creating.waitForOutput(/No clear response/)
    creating.child.kill('SIGINT')
    const { code, stderr } = await creating.exited
    expect([code, stderr]).toEqual([
      10,
      expect.stringContaining('not known whether the pod was created') as string,
    ])
    const runId = creates(dataFolder).at(-1)?.runId ?? ''
    runpod.addPod({ id: 'late', name: 'night-train', mode: 'idle', env: { PODKEEPER_RUN_ID: runId } })
    await run('stop', 'late', '--yes')
    expect(creates(dataFolder).at(-1)).toMatchObject({ phase: 'observed', podId: 'late' })
    expect(posts(runpod)).toBe(1)
  })

  test('is carried out by the watch that holds the data folder, which writes no value down, and names who asked', async () => {
    const { runpod, dataFolder, command, run } = await start()
    const watch = startCli(command('watch', '--log', 'json'))
    await watch.waitForOutput(/"event":"start|live|pods/)
    const asked = command(...basic, '--env', 'TOKEN', '--max-hours', '8', '--yes')
    const { code, stdout } = await runCli({ ...asked, env: { ...asked.env, SUDO_USER: 'alice' } })
    expect([code, stdout]).toEqual([0, expect.stringContaining('was created.') as string])
    expect((await run('activity')).stdout).toContain(
      'alice requested the pod night-train on the command line',
    )
    expect(watch.stdout()).toMatch(/^\{"at":"[^"]+","computer":"[^"]+",/m)
    const [pod] = await podsOf(runpod)
    expect(pod.env.TOKEN).toBe(SECRET)
    expect(creates(dataFolder).at(-1)).toMatchObject({ podId: pod.id, areRulesSet: true })
    expect(watch.stdout() + watch.stderr() + written(dataFolder)).not.toContain(SECRET)
    expect(posts(runpod)).toBe(1)
  })

  test.each([
    [['--gpu', 'H100 SXM', '--image', 'i', '--persistent', '9'], 2, '--persistent or --volume:'],
    [['--gpu', 'H100 SXM', '--image', 'i', '--env', 'A=1', '--env', `B ${SECRET}=`], 2, '--env, line 2'],
    [['--gpu', 'H200', '--image', 'hubify/base:latest', '--count', '2'], 2, 'H100 and A100 only'],
    [['--gpu', 'H100', '--image', 'i'], 5, 'Several GPU types match H100'],
    [['--gpu', 'H200', '--image', 'i', '--when-free', '--max-price', '9'], 2, '--max-hours:'],
    [['--image', 'i'], 2, 'Specify --gpu or --cpu'],
  ] as const)('refuses %j with %i and sends nothing', async (args, exitCode, text) => {
    const { runpod, run } = await start()
    const { code, stdout, stderr } = await run('create', ...args, '--yes')
    expect([code, stderr]).toEqual([exitCode, expect.stringContaining(text) as string])
    expect(stdout + stderr).not.toContain(SECRET)
    expect(posts(runpod)).toBe(0)
  })
})

describe('podkeeper gpus, templates and volumes', () => {
  test('show prices, stock and what is attached', async () => {
    const { run } = await start({ conditions: { stock: { 'NVIDIA L4': 'NONE', '*': 'HIGH' } } }, [
      { name: 'user', mode: 'idle', network: { volumeId: 'vol', path: '/w' } },
    ])
    const gpus = JSON.parse((await run('gpus', '--available', '--json')).stdout) as any
    expect(gpus.gpus[0]).toMatchObject({ name: 'A40', perGpuPerHourUsd: 0.4, stock: 'high' })
    expect(gpus.gpus.map(({ name }: any) => name)).not.toContain('L4')
    expect((await run('gpus')).stdout).toMatch(/^GPU +VRAM +\$\/HR +STOCK/)
    expect((await run('templates', '--source', 'official')).stdout).toContain('PyTorch')
    const { stdout } = await run('volumes')
    expect(stdout).toMatch(/data +vol +100 GB +\$7.00 +EU-RO-1 +user/)
    expect(await run('volumes', 'delete', 'data', '--confirm-name', 'data')).toMatchObject({ code: 1 })
  })

  test('a volume is created, grown, renamed and deleted by its name', async () => {
    const { run } = await start()
    const made = await run('volumes', 'create', 'new', '10', '--data-center', 'US-KS-2', '--yes')
    expect(made).toMatchObject({ code: 0, stderr: expect.stringContaining('$0.70 a month') as string })
    expect(await run('volumes', 'grow', 'new', '5', '--yes')).toMatchObject({ code: 2 })
    expect(await run('volumes', 'grow', 'new', '10', '--yes')).toMatchObject({ code: 2 })
    expect(await run('volumes', 'grow', 'new', '20', '--yes')).toMatchObject({ code: 0 })
    expect(await run('volumes', 'rename', 'new', 'newer')).toMatchObject({ code: 0 })
    expect(await run('volumes', 'delete', 'newer')).toMatchObject({ code: 2 })
    expect(await run('volumes', 'delete', 'newer', '--confirm-name', 'new')).toMatchObject({ code: 1 })
    expect(await run('volumes', 'delete', 'newer', '--confirm-name', 'newer')).toMatchObject({ code: 0 })
    expect((await run('volumes', '--json')).stdout).not.toContain('newer')
  })
})

test('a volume whose name others have is deleted by its id, and one that doesn’t exist not at all', async () => {
  const twin = { name: 'data', sizeGb: 100, dataCenterId: 'EU-RO-1' }
  const { run } = await start({
    networkVolumes: [
      { id: 'one', ...twin },
      { id: 'two', ...twin },
    ],
  })
  expect(await run('volumes', 'delete', 'one', '--confirm-name', 'data')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Confirm with the id instead: one. Nothing was deleted.') as string,
  })
  expect(await run('volumes', 'delete', 'one', '--confirm-name', 'one')).toMatchObject({ code: 0 })
  expect(await run('volumes', 'grow', 'three', '200', '--yes')).toMatchObject({
    code: 5,
    stderr: 'There is no network volume three. To list them, run podkeeper volumes. Nothing was changed.\n',
  })
  expect((await run('volumes')).stdout).toContain('two')
})

describe('podkeeper rebuild', () => {
  const old = {
    id: 'old',
    name: 'trainer',
    mode: 'stopped',
    image: 'example/sft:1',
    ports: ['22/tcp', '8888/http'],
    env: { TOKEN: SECRET, PUBLIC_KEY: 'old', PODKEEPER_RUN_ID: 'old-run-12345' },
    network: { volumeId: 'vol', path: '/data' },
    gpu: { id: 'NVIDIA L4', count: 1 },
  } as const

  test('makes another pod like it with another GPU, its data and variables included, and leaves the old one', async () => {
    const { runpod, dataFolder, run } = await start({}, [old])
    const { code, stdout, stderr } = await run('rebuild', 'trainer', '--gpu', 'H100 SXM', '--yes')
    expect([code, stdout]).toEqual([0, expect.stringContaining('trainer-2') as string])
    expect(stderr).toContain('/data is kept: it is on a network volume.')
    const [made, before] = await podsOf(runpod)
    expect(made).toMatchObject({
      name: 'trainer-2',
      image: 'example/sft:1',
      gpu: { id: 'NVIDIA H100 80GB HBM3' },
      mounts: { network: [{ volumeId: 'vol', path: '/data' }] },
      dataCenterId: 'EU-RO-1',
      ports: ['22/tcp', '8888/http'],
      env: { TOKEN: SECRET, PUBLIC_KEY: 'ssh-ed25519 AAAA one' },
    })
    expect(made.env.PODKEEPER_RUN_ID).not.toBe('old-run-12345')
    expect(before).toMatchObject({ id: 'old', status: 'EXITED' })
    expect(stdout + stderr + written(dataFolder)).not.toContain(SECRET)
  })

  test('takes over the rules of the old pod, unless that is left off', async () => {
    const { dataFolder, run } = await start({}, [old])
    for (const change of ['maxHours=6', 'monthlyBudgetUsd=30', 'autoStopAfterMin=90'])
      expect((await run('rules', 'trainer', 'set', change)).code).toBe(0)
    expect((await run('rebuild', 'trainer', '--gpu', 'H100 SXM', '--yes')).code).toBe(0)
    expect(creates(dataFolder).at(-1)?.plan).toMatchObject({
      replacesPodId: 'old',
      rules: { maxHours: 6, monthlyBudgetUsd: 30, autoStopAfterMin: 90 },
      terminalTabs: [],
    })
    const apart = await run('rebuild', 'trainer', '--gpu', 'H100 SXM', '--no-takeover', '--yes')
    expect(apart.code).toBe(0)
    const { rules, terminalTabs } = creates(dataFolder).at(-1)!.plan
    expect([rules, terminalTabs]).toEqual([{}, undefined])
  })

  test('says that a disk of the pod is not copied, before anything is sent', async () => {
    const { network: _, ...without } = old
    const { runpod, run } = await start({}, [{ ...without, persistent: { sizeGb: 20, path: '/workspace' } }])
    const { code, stderr } = await run('rebuild', 'trainer')
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining('/workspace isn’t copied: that disk stays with trainer') as string,
    ])
    expect(posts(runpod)).toBe(0)
  })
})

test('a preset has no values, and makes the same pod once they are given', async () => {
  const { runpod, dataFolder, run } = await start()
  const file = join(dataFolder, 'preset.json')
  const saved = await run(
    ...basic,
    '--persistent',
    '100',
    '--env',
    'TOKEN',
    'HF={{ RUNPOD_SECRET_HF_TOKEN }}',
    '--max-hours',
    '8',
    '--save-preset',
    file,
    '--dry-run',
  )
  expect(saved.code).toBe(0)
  expect(readFileSync(file, 'utf8')).not.toContain(SECRET)
  expect(await run('create', '--preset', file, '--yes')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Add --env TOKEN') as string,
  })
  const made = await run('create', '--preset', file, '--env', 'TOKEN', '--name', 'again', '--yes')
  expect(made).toMatchObject({ code: 0, stdout: expect.stringContaining('again') as string })
  expect((await podsOf(runpod))[0]).toMatchObject({
    name: 'again',
    gpu: { id: 'NVIDIA H100 80GB HBM3' },
    mounts: { persistent: { size: 100 } },
    env: { TOKEN: SECRET, HF: '{{ RUNPOD_SECRET_HF_TOKEN }}' },
  })
})

test('a preset that was saved in the app is used by its name, and a template of it is found', async () => {
  const { runpod, dataFolder, run } = await start()
  const form = { ...emptyPodForm, gpuTypeIds: ['NVIDIA L40S'], image: 'example/pytorch:2.8', maxHours: '2' }
  writeFileSync(join(dataFolder, 'format.json'), '{"version":2}')
  openPresetsFile(dataFolder).save('night shift', JSON.parse(presetJson(form)))
  expect(await run('create', '--preset', 'night shift', '--name', 'by-name', '--yes')).toMatchObject({
    code: 0,
  })
  expect((await podsOf(runpod))[0]).toMatchObject({ name: 'by-name', gpu: { id: 'NVIDIA L40S' } })
  expect(await run('create', '--preset', 'day shift', '--yes')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('cannot be read') as string,
  })
})
