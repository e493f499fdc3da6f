import { type HealthVerdict, judgeHealth, unhealthy } from '../../core/monitor/folder-health'
import { connectControl } from '../../node/control/control-client'
import { formatProblem } from '../../node/data-folder/format/folder-format'
import { serveText } from '../../node/pods-api/accounts/serve-text'
import { checkApi } from '../../node/data-folder/secrets/check-api'
import { exitCodes } from '../output/exit'
import type { CliOutput } from '../output/terminal'
import { healthText } from './commands-text'

export interface HealthOptions {
  readonly folder: string
  readonly nowMs: () => number
  readonly isJson: boolean
  /** A served API that is checked first; null: none. */
  readonly apiAddress: URL | null
  readonly output: Pick<CliOutput, 'result'>
}

/** Prints how the program that watches the folder is doing; returns the exit code. Starts nothing. */
export async function health({ folder, nowMs, isJson, apiAddress, output }: HealthOptions): Promise<number> {
  const api = apiAddress === null ? null : await checkApi(folder, apiAddress)
  const problem = formatProblem(folder)
  const verdict = problem === null ? await readHealth(folder, nowMs) : unhealthy(problem)
  if (isJson) output.result(JSON.stringify({ ...verdict, ...(api !== null && { api }) }))
  else {
    if (api !== null) output.result(healthText.api[api])
    output.result(healthText.of(verdict))
  }
  if (problem !== null) return exitCodes.folderFormat
  const isApiOurs = api === null || api === 'this-folder'
  return verdict.acting && isApiOurs ? exitCodes.ok : exitCodes.problemFound
}

async function readHealth(folder: string, nowMs: () => number): Promise<HealthVerdict> {
  const events = { onIntent: () => {}, onCreate: () => {}, onConnection: () => {} }
  const connection = await connectControl({ dataFolder: folder, accountId: null, nowMs, events })
  if (connection.kind === 'gone') return unhealthy(`${serveText.nobody}.`)
  if (connection.kind === 'unusable') return unhealthy(`${serveText.unusable[connection.reason]}.`)
  const { client } = connection
  const reply = await client.requests.health()
  client.close()
  return reply.ok ? judgeHealth(reply.value) : unhealthy(reply.error.message)
}
