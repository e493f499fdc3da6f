import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ssh2 from 'ssh2'
import { expect, test } from 'vitest'
import { accountIdOf } from '../../src/node/account-id'
import { FULL_KEY, type SimulatorOptions } from '../../src/simulator/simulator'
import { seedStops } from '../harness/app/states/seed-stops'
import { newDataFolder, runCli, startSimulator } from '../harness/cli/cli'

const SECRET = 'hf_never_print_this'
const DAY_MIN = 24 * 60
const old = { mode: 'stopped', createdAgoMin: 60 * DAY_MIN, startedAgoMin: 40 * DAY_MIN } as const

async function start(options: Partial<SimulatorOptions> = {}) {
  const { public: here } = ssh2.utils.generateKeyPairSync('ed25519', { comment: 'here' })
  const { public: elsewhere } = ssh2.utils.generateKeyPairSync('ed25519', { comment: 'old-laptop' })
  const runpod = await startSimulator(
    [
      {
        ...old,
        id: 'p15',
        name: 'llama',
        stoppedAgoMin: 15 * DAY_MIN,
        persistent: { sizeGb: 100, path: '/w' },
      },
      { ...old, id: 'p13', name: 'recent', stoppedAgoMin: 13 * DAY_MIN },
      { ...old, id: 'p20', name: 'whenever', stoppedAgoMin: 20 * DAY_MIN },
      { id: 'user', name: 'user', mode: 'idle', network: { volumeId: 'used', path: '/data' } },
    ],
    {
      networkVolumes: [
        { id: 'used', name: 'ckpts', sizeGb: 500 },
        { id: 'free', name: 'scratch', sizeGb: 100 },
      ],
      templates: [
        { id: 'leaky', env: { HF_TOKEN: SECRET, PASSWORD_FILE: '/run/secrets/x', MAX_TOKENS: '4096' } },
        { id: 'fine', env: { HF_TOKEN: '{{ RUNPOD_SECRET_hf }}' } },
      ],
      sshKeys: [here, elsewhere],
      ...options,
    },
  )
  const dataFolder = newDataFolder()
  const accountId = accountIdOf(new URL(runpod.url), FULL_KEY)
  const stops = [
    { podId: 'p15', days: 15 },
    { podId: 'p13', days: 13 },
  ]
  seedStops({ dataDir: dataFolder, accountId, stops, nowMs: Date.now() })
  const home = join(dataFolder, 'home')
  mkdirSync(join(home, '.ssh'), { recursive: true })
  writeFileSync(join(home, '.ssh/work.pub'), here)
  const run = (...args: string[]) =>
    runCli({ runpod, dataFolder, args: ['clean-up', ...args], env: { HOME: home, SSH_AUTH_SOCK: undefined } })
  return { runpod, home, run }
}

test('podkeeper clean-up lists what is left over with what it costs, and no value of a variable', async () => {
  const { run } = await start()
  const { code, stdout, stderr } = await run()
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout).toMatch(/scratch.*100 GB.*\$7\.00/)
  expect(stdout).toMatch(/llama.*stopped since .* or earlier \(15 d\).*\$20\.00/)
  expect(stdout).toMatch(/not known for how long[^]*whenever.*not known since when/)
  expect(stdout).toMatch(/leaky.*HF_TOKEN\n/)
  expect(stdout).toMatch(/old-laptop.*SHA256:/)
  expect(stdout).toContain('Unused volumes and pods: $27.00 a month')
  expect(stdout).not.toMatch(/ckpts|recent|fine|here|MAX_TOKENS|PASSWORD_FILE/)
  const json = await run('--json')
  expect(JSON.parse(json.stdout)).toMatchObject({
    version: 1,
    accounts: [
      {
        problem: null,
        perMonth: { usd: expect.closeTo(27), isAtLeast: false },
        volumes: { items: [{ id: 'free', unusedSince: null }], problem: null },
        pods: { items: [{ id: 'p15', perMonthUsd: expect.closeTo(20) }] },
        unclearPods: [{ id: 'p20', stoppedSince: null }],
        templates: { items: [{ id: 'leaky', variableNames: ['HF_TOKEN'] }] },
        keys: { items: [{ name: 'old-laptop' }] },
      },
    ],
  })
  expect(stdout + json.stdout).not.toContain(SECRET)
})

test('podkeeper clean-up says what it can’t tell, and exits with 1', async () => {
  const { runpod, home, run } = await start()
  runpod.fault({ kind: 'bad-request', path: '/v2/network-volumes', detail: 'closed for repairs' })
  runpod.fault({ kind: 'bad-request', path: '/v2/templates', detail: 'closed for repairs' })
  writeFileSync(join(home, '.ssh/locked.pub'), 'x'.repeat(100_000))
  const { code, stdout } = await run()
  expect(code).toBe(1)
  expect(stdout).toMatch(/volumes couldn’t be read, so it can’t be told which are unused.*closed for repairs/)
  expect(stdout).toMatch(/templates couldn’t be read.*closed for repairs/)
  expect(stdout).toContain('so it can’t be told which keys are not on it')
  expect(stdout).toContain('Unused volumes and pods: at least $20.00 a month')
  expect(stdout).not.toMatch(/scratch|old-laptop/)
})
