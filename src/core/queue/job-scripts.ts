import { fail, ok, type Result } from '../base/result'
import type { Pod } from '../pods/pod'
import type { JobLaunch } from './job-host'
import { reading, runFile, scriptStart } from './job-script-text'

/*
 * The scripts that do on a pod what `JobHost` says, for POSIX `sh`. They are sent over standard input, and so are the
 * values of variables, which become variables of that shell and the file `env` of the job. Values are lines
 * `put NAME 'ESCAPED'`, and the last line names the operation, so that a simulated pod needs no shell.
 */

/** Where a pod keeps jobs: on its volume, which survives a stop; or where images expect one. */
export function jobsRootOf(pod: Pod): string {
  return pod.persistentMount?.path ?? pod.networkMounts[0]?.path ?? '/workspace'
}

/** Creates the job's directory and starts it. Prints `started`, `exists` or `failed`. */
export function startScript(
  root: string,
  launch: JobLaunch,
  uploadId: string | null,
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
  return script({
    values: {
      root,
      id,
      command: command.endsWith('\n') ? command : `${command}\n`,
      env: environment.value,
      limit: `${maxSeconds}\n`,
      run: runFile,
      folder: workingDirectory ?? '',
      upload: uploadId ?? '',
    },
    text: startText,
    operation: 'start_job',
  })
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
export const LOG_BLOCK_BYTES = 4_096

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
export const MAX_RESULTS = 1_000

/** Prints the marker, and then the bytes of the file. */
export function fetchScript(
  root: string,
  jobId: string,
  name: string,
  marker: string,
): Result<string, string> {
  return script({ values: { root, id: jobId, name, marker }, text: fetchText, operation: 'fetch_result' })
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

const MAX_SECONDS = 366 * 86_400
const MAX_SCRIPT_CHARS = 256 * 1024
/** The line of a terminal is shorter than 4,096 bytes. */
const LINE_CHARS = 1_000

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

/** For `printf %b`, between quotes of any kind. */
function escapeText(text: string): string {
  return encodeURIComponent(text).replaceAll(/%([0-9A-F]{2})|[!'()*~]/g, (char, hex: string) => {
    const code = hex === undefined ? char.charCodeAt(0) : Number.parseInt(hex, 16)
    const plain = String.fromCharCode(code)
    return /[ /:=,@+]/.test(plain) ? plain : `\\0${code.toString(8).padStart(3, '0')}`
  })
}

/** What `escapeText` made, as UTF-8 bytes. */
export function unescapeText(text: string): string {
  const percent = text.replaceAll('%', '%25').replaceAll(/\\0(\d{3})/g, (_, octal: string) => {
    return `%${Number.parseInt(octal, 8).toString(16).padStart(2, '0')}`
  })
  return decodeURIComponent(percent)
}

/** Cuts no escape in two. */
const chunksOf = (escaped: string): readonly string[] =>
  escaped.match(new RegExp(`(?:\\\\0\\d{3}|[^\\\\]){1,${Math.floor(LINE_CHARS / 5)}}`, 'g')) ?? []

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

const startText = `${reading}drop() {
cd ..
rm -rf "./$id"
fail "$1"
}
save() {
message=$({ printf %s "$2" >"$1"; } 2>&1) && [ "$(wc -c <"$1")" -eq "$(printf %s "$2" | wc -c)" ] ||
drop "\${message:-The pod can't save $1: its disk may be full.}"
}
exists() {
[ -e "./$id" ] || [ -h "./$id" ]
}
start_job() {
trap : HUP PIPE
for program in setsid mv rm sleep wc cat date; do
command -v "$program" >/dev/null || fail "The pod has no program $program."
done
[ "$(command -v printf)" = printf ] || fail "The pod's shell has no printf."
[ -r /proc/uptime ] || fail "The pod has no /proc."
into_jobs make jobs
if exists; then echo exists; return; fi
message=$(mkdir "./$id" 2>&1) || { if exists; then echo exists; return; fi; fail "$message"; }
cd "./$id" || fail "$id can't be opened."
save command "$command"
save limit "$limit"
save run "$run"
save env "$env"
case $folder in
'')
folder=$base
if [ -n "$upload" ]; then folder=$base/.podkeeper/jobs/$id/files; fi
;;
/*) ;;
*) folder=$base/$folder ;;
esac
if [ -n "$upload" ]; then message=$(mv "../../incoming/$upload" files 2>&1) || drop "$message"; fi
(cd "$folder") 2>/dev/null || drop "The working directory $folder can't be opened."
save directory "$folder
"
(
umask "$u0"
PATH=\${p0:-$PATH}
exec setsid sh ./run
) </dev/null >>log 2>&1 &
supervisor=$!
tries=0
until [ -d claimed ]; do
tries=$((tries + 1))
if [ "$tries" -gt 200 ] || ! inspect "$supervisor"; then
if mkdir claimed 2>/dev/null; then drop "The job's supervisor did not start. $(cat log)"; fi
if ! [ -d claimed ]; then
kill -KILL "$supervisor"
drop "The pod can't save files: its disk may be full."
fi
else nap
fi
done
echo started
}
`

const readText = `${reading}read_jobs() {
if into_jobs '' jobs; then
find_boot
for id in $ids; do report "$id"; done
else
for id in $ids; do printf 'job %s absent\\n' "$id"; done
fi
echo end
}
`

const cancelText = `${reading}cancel_job() {
trap : HUP PIPE
into_jobs make jobs
find_boot
into "$id" make
: >canceled
if ! mkdir claimed 2>/dev/null; then
look
if [ "$kind" = running ]; then
(
exec setsid sh ./run stop
) </dev/null >/dev/null 2>&1 &
tries=0
while [ "$kind" = running ] && [ "$tries" -lt 500 ]; do
nap
tries=$((tries + 1))
look
done
fi
fi
cd ..
report "$id"
echo end
}
`

/** Goes to the working directory of the job. */
const toWorkingDirectory = `to_working_directory() {
into_jobs '' jobs && into "$id" || fail "The pod has no such job."
IFS= read -r folder <directory
cd "$folder" 2>/dev/null || fail "The working directory $folder can't be opened."
}
`

const logText = `read_log() {
into_jobs '' jobs && into "$id" || fail "The pod has no such job."
if ! [ -f log ] || [ -h log ]; then echo 'log 0 hex'; echo end; return; fi
set -- $(ls -ln log)
if command -v base64 >/dev/null; then
printf 'log %s base64\\n' "$5"
dd if=log bs=${LOG_BLOCK_BYTES} skip="$first" count="$blocks" 2>/dev/null | base64
else
printf 'log %s hex\\n' "$5"
dd if=log bs=${LOG_BLOCK_BYTES} skip="$first" count="$blocks" 2>/dev/null | od -An -v -tx1
fi
echo end
}
`

const resultsText = `${toWorkingDirectory}list_file() {
[ -f "./$1" ] && [ -r "./$1" ] || return 0
found=$((found + 1))
if [ "$found" -gt ${MAX_RESULTS} ]; then fail "More than ${MAX_RESULTS} files match."; fi
name=$(printf %s "$1" | od -An -v -tx1 | tr -d ' \\n')
set -f
set -- "$1" $(ls -lnL "./$1")
set +f
size=$6
hash=$(hash_input <"./$1")
printf 'file %s %s %s\\n' "$size" "\${hash%% *}" "$name"
}
list_all() {
if [ -d "./$1" ]; then
if [ -h "./$1" ]; then return; fi
for each in "$1"/* "$1"/.[!.]*; do
if [ -e "./$each" ]; then list_all "$each"; fi
done
else list_file "$1"
fi
}
list_results() {
to_working_directory
if command -v sha256sum >/dev/null; then hash_input() { sha256sum; }
elif command -v openssl >/dev/null; then hash_input() { openssl dgst -sha256 -r; }
elif command -v shasum >/dev/null; then hash_input() { shasum -a 256; }
else echo unsupported; return
fi
found=0
IFS='
'
set -- $globs
unset IFS
for each in "$@"; do list_all "$each"; done
echo end
}
`

const fetchText = `${toWorkingDirectory}fetch_result() {
to_working_directory
if ! [ -f "./$name" ]; then fail "The file is gone."; fi
printf '<%s>' "$marker"
cat <"./$name"
}
`

const uploadFolderText = `make_upload() {
into_jobs make incoming
message=$(mkdir "./$upload" 2>&1) || fail "$message"
cd "./$upload" || fail "$upload can't be opened."
IFS='
'
for each in $folders; do
message=$(mkdir -p "./$each" 2>&1) || fail "$message"
done
echo ready
}
`
