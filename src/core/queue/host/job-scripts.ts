import { fail, ok, type Result } from '../../base/result'
import type { Pod } from '../../pods/pod'
import type { JobLaunch } from './job-host'
import {
  cancelText,
  fetchText,
  logText,
  readText,
  resultsText,
  startText,
  uploadFolderText,
} from './job-operation-text'
import { runFile, scriptStart } from './job-script-text'
import { byteLength } from '../../base/text/byte-length'
import { chunksOf, escapeText } from './shell-escape'

/*
 * The scripts that do on a pod what `JobHost` says, for POSIX `sh`. They are sent over standard input, and so are the
 * values of variables, which become variables of that shell and the file `env` of the job. Values are lines
 * `put NAME 'ESCAPED'`, and the last line names the operation, so that a simulated pod needs no shell.
 */

/** Where a pod keeps jobs: on its volume, which survives a stop; or where images expect one. */
export function jobsRootOf(pod: Pod): string {
  return pod.persistentMount?.path ?? pod.networkMounts[0]?.path ?? '/workspace'
}

/**
 * Creates the job's directory and starts it. Prints `started`, `exists` or `failed`. `graceSeconds`: how long the job
 * has after TERM.
 */
export function startScript(
  root: string,
  launch: JobLaunch,
  uploadId: string | null,
  graceSeconds = GRACE_S,
): Result<string, string> {
  const { id, workingDirectory, maxSeconds } = launch
  const command = launch.command.replaceAll('\r\n', '\n')
  const environment = environmentFile(launch)
  if (!environment.ok) return environment
  if (command.trim() === '') return fail('The command is empty.')
  if (command.includes('\0')) return fail('The command contains a character that no shell accepts.')
  if (!Number.isSafeInteger(maxSeconds) || maxSeconds < 1 || maxSeconds > MAX_SECONDS)
    return fail('The maximum run time is invalid.')
  if (workingDirectory !== null && !isPlainPath(workingDirectory))
    return fail("The working directory's name contains control characters.")
  const files = {
    command: command.endsWith('\n') ? command : `${command}\n`,
    env: environment.value,
    limit: `${maxSeconds} ${graceSeconds}\n`,
    run: runFile,
  }
  const bytes = String(byteLength(Object.values(files).join('')))
  const folder = workingDirectory ?? ''
  const ours = [id, ...launch.besideIds].join(' ')
  const values = { root, id, ours, folder, upload: uploadId ?? '', ...files, bytes }
  return script({ values, text: startText, operation: 'start_job' })
}

/** Prints a line `job …` for each job; see `parseReadings`. */
export function readScript(root: string, jobIds: readonly string[]): Result<string, string> {
  return script({ values: { root, ids: jobIds.join(' ') }, text: readText, operation: 'read_jobs' })
}

/** Ends the job, or makes sure that it never starts, and prints its line. */
export function cancelScript(root: string, jobId: string): Result<string, string> {
  return script({ values: { root, id: jobId }, text: cancelText, operation: 'cancel_job' })
}

/** The bytes of a log's blocks are printed as text; see `parseLog`. */
export function logScript(
  root: string,
  jobId: string,
  firstBlock: number,
  blocks: number,
): Result<string, string> {
  const values = { root, id: jobId, first: String(firstBlock), blocks: String(blocks) }
  return script({ values, text: logText, operation: 'read_log' })
}

/** Prints a line `file …` for each file; see `parseResults`. */
export function resultsScript(root: string, jobId: string, globs: readonly string[]): Result<string, string> {
  const bad = globs.find((glob) => !isInnerPath(glob) || glob.includes('**'))
  if (bad !== undefined) {
    const more = bad.includes('**') ? ' The name of a folder brings everything in it.' : ''
    return fail(`“${bad.slice(0, 100)}” isn't a pattern of files in the working directory.${more}`)
  }
  return script({
    values: { root, id: jobId, globs: globs.join('\n') },
    text: resultsText,
    operation: 'list_results',
  })
}

/** Prints the marker, and then the bytes of the file behind the first ones (`skippedBytes`). */
export function fetchScript(
  root: string,
  jobId: string,
  name: string,
  skippedBytes: number,
  marker: string,
): Result<string, string> {
  const values = { root, id: jobId, name, from: String(skippedBytes + 1), marker }
  return script({ values, text: fetchText, operation: 'fetch_result' })
}

/** Makes a folder for files that come along, and folders in it. */
export function uploadFolderScript(
  root: string,
  uploadId: string,
  names: readonly string[],
): Result<string, string> {
  const bad = names.find((name) => !isInnerPath(name))
  if (bad !== undefined) return fail(`“${bad.slice(0, 100)}” can't be the name of a file of a job.`)
  const folders = names.map((name) => name.slice(0, Math.max(0, name.lastIndexOf('/')))).filter(Boolean)
  const values = { root, upload: uploadId, folders: folders.join('\n') }
  return script({ values, text: uploadFolderText, operation: 'make_upload' })
}

/**
 * For the shell of the user, of any kind: receives so many bytes into a file of that folder, and prints the
 * marker, how many there are, and their hash if it knows one.
 */
export function uploadCommand(
  root: string,
  uploadId: string,
  name: string,
  sizeBytes: number,
  marker: string,
): string {
  const path = escapeText(`${root}/.podkeeper/incoming/${uploadId}/${name}`)
  return `sh -c 'umask 077; f="$(printf %bx "${path}")"; f="\${f%x}"; head -c ${sizeBytes} >"$f"; printf "<%s>" ${marker}; wc -c <"$f"; sha256sum <"$f"; echo .'`
}

/** Ids name a directory. */
export const isJobId = (id: string): boolean => /^[A-Za-z0-9_-]{1,64}$/.test(id)

const GRACE_S = 15
const MAX_SECONDS = 366 * 86_400
const MAX_SCRIPT_CHARS = 256 * 1024

/** No control characters. */
export const isPlainPath = (path: string): boolean =>
  path !== '' && !/\p{Cc}/u.test(path) && path.length <= 4_096

function isInnerPath(path: string): boolean {
  return isPlainPath(path) && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
}

interface ScriptParts {
  readonly values: Readonly<Record<string, string>>
  readonly text: string
  readonly operation: string
}

function script({ values, text, operation }: ScriptParts): Result<string, string> {
  if (!isPlainPath(values['root'] ?? '') || !values['root']?.startsWith('/'))
    return fail("The path of the pod's volume is invalid.")
  if (Object.values(values).some((value) => /\p{Cs}/u.test(value)))
    return fail('The job contains invalid text.')
  // A variable of this name that the environment has would be passed on to other programs.
  const lines = Object.entries(values).flatMap(([name, value]) => [
    `unset ${name}`,
    ...chunksOf(escapeText(value)).map((chunk) => `put ${name} '${chunk}'`),
  ])
  const whole = `${scriptStart}${text}${lines.join('\n')}\n${operation}`
  return whole.length > MAX_SCRIPT_CHARS
    ? fail('The job is too large: bring a script along as a file.')
    : ok(whole)
}

/** A shell sets these itself, and some end when they are set. */
const reservedNames =
  /^(UID|EUID|PPID|GROUPS|IFS|OPT(ARG|IND|ERR)|LINENO|RANDOM|SECONDS|PS[0-9]|BASH.*|SHELLOPTS|DIRSTACK|FUNCNAME|HISTCMD|PIPESTATUS|_)$/

/** The file `env`: assignments for a shell. */
function environmentFile({ environment, gpuIndexes }: JobLaunch): Result<string, string> {
  const gpus = gpuIndexes === null ? {} : { CUDA_VISIBLE_DEVICES: gpuIndexes.join(',') }
  const all = Object.entries({ ...gpus, ...environment })
  for (const [name, value] of all) {
    if (!/^[A-Za-z_][A-Za-z0-9_]{0,199}$/.test(name) || reservedNames.test(name))
      return fail(`“${name.slice(0, 100)}” can't be the name of a variable.`)
    if (value.includes('\0')) return fail(`The value of ${name} contains a character that no shell accepts.`)
  }
  return ok(
    all
      .map(([name, value]) => `${name}='${value.replaceAll("'", String.raw`'\''`)}'\nexport ${name}\n`)
      .join(''),
  )
}
