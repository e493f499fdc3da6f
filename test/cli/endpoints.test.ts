import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Simulator } from '../../src/simulator/simulator'
import { newDataFolder, runCli, startSimulator } from '../harness/cli/cli'
import { startWatched } from '../harness/cli/watched'

// See docs/product-rules.md#59-idle-serverless-workers.

async function start() {
  const runpod = await startSimulator([], {
    endpoints: [
      { id: 'ep1', name: 'image-generator', minWorkers: 2 },
      { id: 'ep2', name: 'chat', minWorkers: 1, isBusy: true },
      { id: 'ep3', name: 'web', minWorkers: 1, type: 'LOAD_BALANCER' },
      { id: 'ep4', name: 'off' },
      { id: 'ep5', name: 'Off', minWorkers: 1 },
    ],
  })
  const dataFolder = newDataFolder()
  return { runpod, run: (...args: string[]) => runCli({ runpod, dataFolder, args }) }
}

const changes = ({ requests }: Simulator): number =>
  requests.filter(({ method }) => method === 'PATCH').length

describe('podkeeper endpoints', () => {
  test('lists what each keeps, what that costs at most, and what its workers do now', async () => {
    const { run } = await start()
    const { code, stdout } = await run('endpoints')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^ENDPOINT +ID +MIN +MAX +UP TO \$\/HR +NOW/)
    expect(stdout).toMatch(/image-generator +ep1 +2 +3 +\$\d+\.\d\d +idle/)
    expect(stdout).toMatch(/chat +ep2 +1 +3 +\$\d+\.\d\d +busy/)
    expect(stdout).toMatch(/web +ep3 +1 +3 +\$\d+\.\d\d +unknown/)
    expect(stdout).toMatch(/off +ep4 +0 +3 +\$0\.00\s*\n/)
    const json = JSON.parse((await run('endpoints', '--json')).stdout) as { endpoints: readonly object[] }
    expect(json.endpoints).toContainEqual({
      id: 'ep1',
      name: 'image-generator',
      minWorkers: 2,
      maxWorkers: 3,
      now: 'idle',
      maxPerHourUsd: expect.any(Number) as number,
    })
    expect(JSON.stringify(json)).not.toContain('hunter2')
  })

  test('sets a minimum to 0 only once it was confirmed, with one request', async () => {
    const { runpod, run } = await start()
    expect(await run('endpoints', 'set-min-0', 'image-generator')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('always keeps 2 workers (up to $') as string,
    })
    expect(changes(runpod)).toBe(0)
    expect(await run('endpoints', 'set-min-0', 'image-generator', '--yes')).toMatchObject({
      code: 0,
      stdout: 'The minimum of the endpoint image-generator was set to 0 workers.\n',
    })
    expect(changes(runpod)).toBe(1)
    expect((await run('endpoints', 'set-min-0', 'image-generator', '--yes')).stderr).toContain('0 already')
    expect(changes(runpod)).toBe(1)
  })

  test('finds out by reading what became of a request without an answer, and never sends it again', async () => {
    const { runpod, run } = await start()
    runpod.fault({ kind: 'reset-after', method: 'PATCH', count: 1 })
    expect(await run('endpoints', 'set-min-0', 'ep1', '--yes')).toMatchObject({ code: 0 })
    expect(changes(runpod)).toBe(1)
  })

  test.each([
    [['set-min-0'], 'Specify the endpoint'],
    [['set-min-0', 'image'], 'There is no endpoint image'],
    [['set-min-0', 'off', '--yes'], 'Several endpoints have that name. Use an id: ep5, ep4.'],
    [['delete', 'ep1'], 'Use list or set-min-0'],
  ])('refuses %j and changes nothing', async (args, text) => {
    const { runpod, run } = await start()
    const { code, stderr } = await run('endpoints', ...args)
    expect(code).not.toBe(0)
    expect(stderr).toContain(text)
    expect(changes(runpod)).toBe(0)
  })
})

test('a program that holds the data folder sends the change, and writes it down', async () => {
  const { runpod, run, folder } = await startWatched([])
  runpod.addEndpoint({ id: 'ep1', name: 'image-generator', minWorkers: 1 })
  expect(await run('endpoints', 'set-min-0', 'ep1', '--yes')).toMatchObject({ code: 0 })
  expect(changes(runpod)).toBe(1)
  const activity = join(folder, 'activity')
  const written = readdirSync(activity).map((name) => readFileSync(join(activity, name), 'utf8'))
  expect(written.join()).toContain('The minimum of the endpoint image-generator was set to 0 workers.')
})
