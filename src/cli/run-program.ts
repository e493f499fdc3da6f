import { CommanderError } from 'commander'
import { plainText } from '../core/base/text/plain-text'
import { wentWrongText } from '../core/base/text/error-text'
import type { CliProcess } from './output/cli-process'
import { createCommands } from './commands'
import type { EnvironmentKeys } from './handlers/context/cli-context'
import { CliExit, exitCodes } from './output/exit'
import { createProgram } from './program/program'

/** Runs one command to its end and resolves to its exit code. It never rejects. */
export async function runProgram(version: string, cliProcess: CliProcess): Promise<number> {
  const { args, env, stderr } = cliProcess
  const commands = createCommands({
    version,
    environmentKeys: takeKeys(env),
    cliProcess,
    program: () => program,
  })
  let exitCode: number = exitCodes.ok
  const program = createProgram(version, commands, cliProcess, (code) => (exitCode = code))
  try {
    await program.parseAsync(args, { from: 'user' })
    return exitCode
  } catch (cause) {
    if (cause instanceof CommanderError) return cause.exitCode === 0 ? exitCodes.ok : exitCodes.usage
    if (cause instanceof CliExit) {
      for (const line of cause.message.split('\n')) stderr.write(`${plainText(line)}\n`)
      return cause.exitCode
    }
    const details = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
    stderr.write(`${wentWrongText(details)}\n`)
    return exitCodes.failed
  }
}

function takeKeys(env: NodeJS.ProcessEnv): EnvironmentKeys {
  const keys = {
    runpod: env['RUNPOD_API_KEY'],
    hubify: env['HUBIFY_API_KEY'] || env['HUBIFY_TOKEN'],
  }
  for (const name of ['RUNPOD_API_KEY', 'HUBIFY_API_KEY', 'HUBIFY_TOKEN']) delete env[name]
  return keys
}
