import { existsSync } from 'node:fs'
import { vi } from 'vitest'
import { type TokenScope, tokenScopes } from '../../../src/core/pods-api/api-token'
import { openApiTokensFile } from '../../../src/node/pods-api/api-tokens-file'
import { HUBIFY_KEY, type Simulator } from '../../../src/simulator/simulator'
import { type CliOptions, newDataFolder, runCli, type RunningCli, startCli } from './cli'

/** A data folder that `podkeeper serve` serves. */
export interface ServedFolder {
  readonly folder: string
  readonly serve: RunningCli
  /** Without a path. */
  readonly origin: string
  readonly token: string
  readonly command: (...args: string[]) => CliOptions
  readonly run: (...args: string[]) => ReturnType<typeof runCli>
  /** Sends a request below `/api/v1`, or of another path that begins with two slashes. */
  readonly send: (path: string, options?: SendOptions) => Promise<ApiResponse>
  readonly newToken: (name: string, ...args: string[]) => Promise<string>
}

export interface SendOptions {
  readonly method?: string
  readonly token?: string | null
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface ApiResponse {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly body: any
}

export interface ServedApiOptions {
  readonly isRealProgram?: true
  /** Where the accounts of the folder are. */
  readonly runpod?: Simulator
  readonly hubify?: Simulator
  readonly folder?: string
  readonly settings?: object
  readonly args?: readonly string[]
}

/** Without the command, which takes half a second. Replies with the tokens. */
export function createTokens(
  folder: string,
  scopes: readonly TokenScope[],
  count: number,
  name = scopes.join(' ').replaceAll(':', '-'),
): readonly string[] {
  const file = openApiTokensFile(folder)
  return Array.from({ length: count }, (_, index) => {
    const created = file.create({
      name: count === 1 ? name : `${name} ${index}`,
      scopes,
      accountIds: null,
      maxHourlyUsd: 20,
      podNames: null,
      createdAtMs: Date.now(),
      expiresAtMs: null,
    })
    if (!created.ok) throw new Error(created.error)
    return created.value.token
  })
}

export async function startServed(options: ServedApiOptions): Promise<ServedFolder> {
  const { isRealProgram = false, runpod, hubify, settings, args = ['--port', '0'] } = options
  const folder = options.folder ?? newDataFolder({ ...settings })
  const env = {
    ...(hubify && { HUBIFY_API_BASE_URL: hubify.hubifyUrl }),
    ...(runpod === undefined && { RUNPOD_API_KEY: undefined }),
  }
  const command = (...given: string[]): CliOptions => ({
    args: given,
    dataFolder: folder,
    env,
    ...(runpod && { runpod }),
  })
  const run = (...given: string[]) => runCli(command(...given))
  if (hubify !== undefined && !existsSync(`${folder}/cli-key.json`)) {
    const login = command('login', '--provider', 'hubify', '--announced-routes')
    const { code, stderr } = await runCli({ ...login, input: `${HUBIFY_KEY}\n` })
    if (code !== 0) throw new Error(stderr)
  }
  const newToken = async (name: string, ...given: string[]): Promise<string> => {
    const { code, stdout, stderr } = await run('token', 'create', name, ...given)
    if (code !== 0) throw new Error(stderr)
    return stdout.trim()
  }
  const serve = startCli({ ...command('serve', ...args), isRealProgram })
  await serve.waitForOutput(/The Pods API is served at \S+/)
  // Its watch brings the folder to the present format first.
  const [token = ''] = await vi.waitFor(() => createTokens(folder, tokenScopes, 1, 'all'), {
    timeout: 60_000,
    interval: 50,
  })
  const origin = /at (http:\/\/127\.0\.0\.1:\d+)/.exec(serve.stdout())?.[1] ?? ''
  return {
    folder,
    serve,
    origin,
    token,
    command,
    run,
    newToken,
    async send(path, { method = 'GET', token: given = token, body, headers = {} } = {}) {
      const address = path.startsWith('//') ? path.slice(1) : `/api/v1${path}`
      const response = await fetch(`${origin}${address}`, {
        method,
        headers: {
          ...(given !== null && { authorization: `Bearer ${given}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const text = await response.text()
      const isJson = response.headers.get('content-type') === 'application/json'
      return {
        status: response.status,
        headers: response.headers,
        text,
        body: isJson ? JSON.parse(text) : null,
      }
    },
  }
}
