import { readFileSync, statSync } from 'node:fs'
import { fail, type Result } from '../core/base/result'
import { errorText } from '../core/base/text/error-text'
import { MAX_RECORDING_BYTES, parseRecording, type Recording } from '../core/doctor/recording/recording'
import { readCommand } from './cli'
import { demoEndpoints, demoPods, demoVolumes } from './demo'
import {
  createSimulator,
  FULL_KEY,
  HUBIFY_KEY,
  HUBIFY_READ_ONLY_KEY,
  READ_ONLY_KEY,
  RESTRICTED_KEY,
  type Simulator,
  type SimulatorOptions,
} from './simulator'

/** Runs the standalone simulator until `stopped` resolves; returns the exit code. */
export async function runSimulator(
  args: readonly string[],
  print: (text: string) => void,
  stopped: Promise<void>,
): Promise<number> {
  const command = readCommand(args, { pods: demoPods, networkVolumes: demoVolumes, endpoints: demoEndpoints })
  if (command.kind !== 'run') {
    print(command.kind === 'help' ? command.text : command.message)
    return command.kind === 'help' ? 0 : 2
  }
  const replay = command.replayFile === null ? null : readRecording(command.replayFile)
  if (replay !== null && !replay.ok) {
    print(replay.error)
    return 1
  }
  let simulator: Simulator
  try {
    simulator = await createSimulator({
      ...command.options,
      ...(replay !== null && { replay: replay.value }),
    })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    print(`Port ${command.options.port} is taken; choose another with --port, or 0 for any that is free.`)
    return 1
  }
  for (const name of command.scenarios) simulator.scenario(name)
  for (const fault of command.faults) simulator.fault(fault)
  print(welcomeText(simulator, command.options))
  await stopped
  await simulator.close()
  return 0
}

function readRecording(path: string): Result<Recording, string> {
  try {
    if (statSync(path).size > MAX_RECORDING_BYTES) return fail(`${path} is too large for a recording.`)
    const read = parseRecording(readFileSync(path, 'utf8'))
    return read.ok ? read : fail(`${path}: ${read.error}`)
  } catch (error) {
    return fail(`${path} can’t be read: ${errorText(error)}`)
  }
}

/** What it serves, and how to point something at it. */
function welcomeText({ url, hubifyUrl }: Simulator, { hubify, hasRunpodApi }: SimulatorOptions): string {
  const runpod = `
  key              ${FULL_KEY}
  read-only key    ${READ_ONLY_KEY}
  restricted key   ${RESTRICTED_KEY}, for pods only
  with the app     RUNPOD_API_BASE_URL=${url}/v2 npm start
  look             curl -H 'authorization: Bearer ${FULL_KEY}' ${url}/v2/pods
`
  const labs = `
  Hubify key       ${HUBIFY_KEY}
  read-only key    ${HUBIFY_READ_ONLY_KEY}
  with the app     HUBIFY_API_BASE_URL=${hubifyUrl} npm start
  with podkeeper   HUBIFY_API_BASE_URL=${hubifyUrl} HUBIFY_API_KEY=${HUBIFY_KEY} npm run podkeeper -- status
  look             curl -H 'authorization: Bearer ${HUBIFY_KEY}' ${hubifyUrl}/labs
  planned routes   curl -H content-type:application/json -d '{"behavior":{"hasPlannedRoutes":true}}' ${url}/_simulator/labs
`
  return `The simulator runs at ${url}
${hasRunpodApi === false ? '' : runpod}${hubify === undefined ? '' : labs}
  a terminal       ssh -p PORT root@127.0.0.1, with the port that the pod's ${hasRunpodApi === false ? 'sshPort' : 'ssh.direct'} says
  change           curl -H content-type:application/json -d '{"name":"idle"}' ${url}/_simulator/scenario

Ctrl-C ends it.`
}
