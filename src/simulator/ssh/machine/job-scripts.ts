import { createHash } from 'node:crypto'
import { LOG_BLOCK_BYTES } from '../../../core/queue/host/job-operation-text'
import { unescapeText } from '../../../core/queue/host/shell-escape'
import { bytesOf, type Files, fileOf, parentOf, resolvePath } from './files'
import type { Machine } from './machine'
import type { SimulatedJobs } from './pod-jobs'

/*
 * Podkeeper's scripts about jobs, which say what to do in their last lines (see src/core/queue/host/job-scripts.ts). A
 * simulated pod does it in memory, with the same files and the same replies.
 */

export interface JobScript {
  readonly operation: string
  readonly values: ReadonlyMap<string, string>
}

/** Null if the script is another one. */
export function parseJobScript(script: string): JobScript | null {
  const [, operation] =
    /^(start_job|read_jobs|cancel_job|read_log|list_results|fetch_result|make_upload|(?:install|read|change|remove)_guard)$/m.exec(
      script,
    ) ?? []
  if (operation === undefined) return null
  const escaped = new Map<string, string>()
  for (const [, name = '', value = ''] of script.matchAll(/^put (\w+) '([^']*)'$/gm))
    escaped.set(name, (escaped.get(name) ?? '') + value)
  const values = new Map([...escaped].map(([name, value]) => [name, unescapeText(value)]))
  return { operation, values }
}

export interface JobScriptContext {
  readonly machine: Machine
  readonly jobs: SimulatedJobs
  readonly write: (output: string | Buffer) => Promise<void>
}

/** Returns the exit code. */
export async function runJobScript(script: JobScript, context: JobScriptContext): Promise<number> {
  const { files } = context.machine
  if (files === null) return 1
  const value = (name: string): string => script.values.get(name) ?? ''
  if (script.operation.endsWith('_guard')) {
    await context.write(context.machine.runGuardScript(script.operation, value))
    return 0
  }
  const base = resolvePath('/', value('root'))
  const pod: PodFiles = { ...context, files, base, value, folder: `${base}/.podkeeper/jobs/${value('id')}` }
  const operation = operations[script.operation]
  const output = operation === undefined ? 'failed This pod is simulated.\n' : await operation(pod)
  await context.write(output)
  return typeof output === 'string' && output.startsWith('failed') ? 1 : 0
}

interface PodFiles extends JobScriptContext {
  readonly files: Files
  readonly base: string
  /** The directory of the job. */
  readonly folder: string
  readonly value: (name: string) => string
}

const operations: Readonly<Record<string, (pod: PodFiles) => string | Buffer | Promise<string>>> = {
  start_job(pod) {
    const { files, folder, base, value, jobs, machine } = pod
    if (files.at(folder) !== null) return 'exists\n'
    const upload = value('upload')
    const given = value('folder')
    const inner = upload === '' ? base : `${folder}/files`
    const workingDirectory = given === '' ? inner : resolvePath(base, given)
    if (given !== '' && files.at(workingDirectory)?.kind !== 'folder')
      return `failed The working directory ${workingDirectory} can't be opened.\n`
    makeFolders(files, `${folder}/claimed`)
    if (upload !== '') files.move(`${base}/.podkeeper/incoming/${upload}`, `${folder}/files`)
    const put = (name: string, text: string): void => files.put(`${folder}/${name}`, { kind: 'file', text })
    put('command', value('command'))
    put('directory', `${workingDirectory}\n`)
    const maxSeconds = Number(value('limit').split(' ', 1)[0])
    const environment = readEnvironment(value('env'))
    jobs.start(machine, {
      id: value('id'),
      directory: folder,
      workingDirectory,
      command: value('command'),
      environment,
      maxSeconds,
    })
    return 'started\n'
  },

  read_jobs: (pod) => {
    const ids = pod.value('ids').split(' ')
    return `${ids.map((id) => report(pod, id)).join('')}end\n`
  },

  async cancel_job(pod) {
    const { files, folder, machine, jobs, value } = pod
    makeFolders(files, `${folder}/claimed`)
    await jobs.end(machine, value('id'))
    return `${report(pod, value('id'))}end\n`
  },

  read_log({ files, folder, value }) {
    if (files.at(folder) === null) return 'failed The pod has no such job.\n'
    const bytes = bytesOf(files.at(`${folder}/log`))
    const from = Number(value('first')) * LOG_BLOCK_BYTES
    const piece = bytes.subarray(from, from + Number(value('blocks')) * LOG_BLOCK_BYTES)
    return `log ${bytes.length} base64\n${piece.toString('base64')}\nend\n`
  },

  list_results(pod) {
    const { files, value } = pod
    const start = workingDirectoryOf(pod)
    if (start === null) return 'failed The pod has no such job.\n'
    const patterns = value('globs').split('\n').map(globPattern)
    const lines = filesBelow(files, start).filter((name) => patterns.some((pattern) => pattern.test(name)))
    const line = (name: string): string => {
      const bytes = bytesOf(files.at(`${start}/${name}`))
      const hash = createHash('sha256').update(bytes).digest('hex')
      return `file ${bytes.length} ${hash} ${Buffer.from(name).toString('hex')}\n`
    }
    return `${lines.map(line).join('')}end\n`
  },

  fetch_result(pod) {
    const start = workingDirectoryOf(pod)
    const entry = start === null ? null : pod.files.at(`${start}/${pod.value('name')}`)
    if (entry === null || entry.kind === 'folder') return 'failed The file is gone.\n'
    const bytes = bytesOf(entry).subarray(Number(pod.value('from')) - 1)
    return Buffer.concat([Buffer.from(`<${pod.value('marker')}>`), bytes])
  },

  make_upload({ files, base, value }) {
    const folder = `${base}/.podkeeper/incoming/${value('upload')}`
    for (const name of ['', ...value('folders').split('\n').filter(Boolean)])
      makeFolders(files, resolvePath(folder, name))
    return 'ready\n'
  },
}

export interface Upload {
  readonly path: string
  readonly sizeBytes: number
  readonly marker: string
}

/** Receives a file by the command of `uploadCommand`; null for another command. */
export function parseUpload(command: string): Upload | null {
  const found = /^sh -c 'umask 077; f="\$\(printf %bx "([^"]*)"\)".*head -c (\d+) .*<%s>" ([0-9a-f]+);/.exec(
    command,
  )
  if (found === null) return null
  const [, path = '', size, marker = ''] = found
  return { path: unescapeText(path), sizeBytes: Number(size), marker }
}

/** What the command prints once the file is there. */
export function saveUpload(machine: Machine, path: string, bytes: Buffer, marker: string): string {
  const at = resolvePath('/', path)
  const { files } = machine
  if (files?.at(parentOf(at))?.kind !== 'folder') return ''
  files.put(at, fileOf(bytes))
  return `<${marker}>${bytes.length}\n${createHash('sha256').update(bytes).digest('hex')}  -\n.\n`
}

function report({ files, base, machine, jobs }: PodFiles, id: string): string {
  const folder = `${base}/.podkeeper/jobs/${id}`
  if (files.at(folder) === null) return `job ${id} absent\n`
  const textAt = (name: string): string => bytesOf(files.at(`${folder}/${name}`)).toString()
  const begun = textAt('pid').split(' ')[3] ?? '-'
  const ended = textAt('exit_code').trim()
  if (ended !== '') {
    const [code, late, at] = ended.split(' ')
    return `job ${id} ended ${code} ${late} ${begun} ${at}\n`
  }
  const up = machine.reading()?.uptimeS ?? 0
  return jobs.isRunning(machine, id)
    ? `job ${id} running ${begun} ${up} ${up}\n`
    : `job ${id} ended - 0 ${begun} -\n`
}

function workingDirectoryOf({ files, folder }: PodFiles): string | null {
  const entry = files.at(`${folder}/directory`)
  return entry === null ? null : bytesOf(entry).toString().trimEnd()
}

function makeFolders(files: Files, path: string): void {
  if (path === '/' || files.at(path) !== null) return
  makeFolders(files, parentOf(path))
  files.put(path, { kind: 'folder' })
}

/** Names of files relative to a folder, without those of Podkeeper. */
function filesBelow(files: Files, folder: string, prefix = ''): readonly string[] {
  return files.list(folder).flatMap((name) => {
    const isFolder = files.at(`${folder}/${name}`)?.kind === 'folder'
    if (!isFolder) return [prefix + name]
    return name === '.podkeeper' ? [] : filesBelow(files, `${folder}/${name}`, `${prefix}${name}/`)
  })
}

/** A pattern of a shell, which also matches everything in a folder that it matches. */
function globPattern(glob: string): RegExp {
  const text = glob
    .replaceAll(/[.+^${}()|\\]/g, String.raw`\$&`)
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]')
  return new RegExp(`^${text}(?:/.*)?$`)
}

function readEnvironment(text: string): ReadonlyMap<string, string> {
  const found = text.matchAll(/^(\w+)='((?:[^']|'\\'')*)'\nexport \1$/gm)
  return new Map(
    [...found].map(([, name = '', value = '']) => [name, value.replaceAll(String.raw`'\''`, "'")]),
  )
}
