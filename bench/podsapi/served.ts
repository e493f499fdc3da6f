import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { TokenScope } from '../../src/core/pods-api/api-token'
import { openApiTokensFile } from '../../src/node/pods-api/api-tokens-file'
import { writeFormatFile } from '../../test/harness/data-folder/migrated-folder'
import { FULL_KEY } from '../../src/simulator/simulator'

/** A real `podkeeper serve` over simulated pods, both in processes of their own. */
export interface ServedPods {
  /** Addresses without a path. */
  readonly origin: string
  readonly runpod: string
  readonly serve: ChildProcessWithoutNullStreams
  /** None until the program brought the folder to the present format. */
  tokens(count: number, scopes: readonly TokenScope[]): readonly string[]
  stop(): void
}

export async function servePods(podCount: number, pollS: number): Promise<ServedPods> {
  const simulator = spawn(process.execPath, [
    'scripts/simulator.mjs',
    '--pods',
    String(podCount),
    '--port',
    '0',
  ])
  const runpod = await addressOf(simulator, /runs at (http:\/\/127\.0\.0\.1:\d+)/)
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-podsapi-'))
  const settings = { pollActiveS: pollS, pollIdleS: pollS, pollTransitionS: pollS }
  writeFormatFile(folder)
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ settings }))
  const serve = spawn(
    process.execPath,
    [resolve('out/cli/podkeeper.mjs'), 'serve', '--port', '0', '--data-dir', folder],
    {
      env: {
        PATH: process.env['PATH'],
        HOME: folder,
        RUNPOD_API_BASE_URL: `${runpod}/v2`,
        RUNPOD_API_KEY: FULL_KEY,
      },
    },
  )
  const stop = (): void => {
    serve.kill('SIGKILL')
    simulator.kill('SIGKILL')
  }
  try {
    const origin = await addressOf(serve, /served at (http:\/\/127\.0\.0\.1:\d+)/)
    return { origin, runpod, serve, tokens: (...args) => tokensIn(folder, ...args), stop }
  } catch (cause) {
    stop()
    throw cause
  }
}

/** Resolves with the address that the program prints. */
function addressOf(child: ChildProcessWithoutNullStreams, pattern: RegExp): Promise<string> {
  return new Promise((found, reject) => {
    let text = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      const [, address] = pattern.exec(text) ?? []
      if (address !== undefined) found(address)
    })
    child.once('exit', () => reject(new Error(`it ended: ${text}`)))
  })
}

function tokensIn(folder: string, count: number, scopes: readonly TokenScope[]): readonly string[] {
  const file = openApiTokensFile(folder)
  return Array.from({ length: count }, (_, index) => {
    const created = file.create({
      name: `${scopes.at(-1)?.replace(':', ' ') ?? 'client'} ${index}`,
      scopes,
      accountIds: null,
      maxHourlyUsd: null,
      podNames: null,
      createdAtMs: Date.now(),
      expiresAtMs: null,
    })
    return created.ok ? created.value.token : ''
  }).filter((token) => token !== '')
}
