import { randomBytes } from 'node:crypto'
import { fail, ok, type Result } from '../../core/base/result'
import type { AccountId, Pod } from '../../core/pods/pod'
import type { JobHost, JobHostError, JobLaunch, LogPiece, ResultFile } from '../../core/queue/host/job-host'
import {
  parseLog,
  parseReadings,
  parseResults,
  parseStart,
  parseUploadFolder,
  UNREADABLE,
} from '../../core/queue/host/job-output-codec'
import { LOG_BLOCK_BYTES, MAX_RESULTS } from '../../core/queue/host/job-operation-text'
import type { HostKeyAcceptance } from '../../core/terminal/seen-host-key'
import {
  cancelScript,
  isJobId,
  jobsRootOf,
  logScript,
  readScript,
  resultsScript,
  startScript,
  uploadFolderScript,
} from '../../core/queue/host/job-scripts'
import type { SshTarget } from '../connection/ssh-shell'
import { toSshTarget } from '../connection/ssh-target'
import type { OpenScript } from '../run/open-script'
import type { RunCommand } from '../run/run-command'
import type { RunFailure } from '../run/run-failure'
import { fetchFile, type JobTransferFailure, type JobTransferOptions, uploadFile } from './transfer'

export interface JobHostOptions {
  readonly runCommand: RunCommand
  readonly openScript: OpenScript
  /** For tests: seconds from TERM to KILL. */
  readonly graceSeconds?: number
}

const QUICK_MS = 30_000
/** Starting also waits until the job's supervisor runs, and canceling until the job has ended. */
const SLOW_MS = 90_000
/** Large results take long to hash. */
const RESULTS_MS = 600_000
const MAX_LOG_BYTES = 1024 * 1024
const MAX_OUTPUT_BYTES = 64 * 1024
/** Printed for each result: names are written in hexadecimal. */
const RESULT_LINE_BYTES = 1_024

interface Request<T> {
  readonly script: Result<string, string>
  readonly limitMs: number
  readonly maxOutputBytes?: number
  /** Absent: no new host key is accepted. */
  readonly acceptance?: HostKeyAcceptance | null
  /** Whether it changes anything on the pod, so that without a reply nobody knows. */
  readonly hasEffect?: true
  readonly parse: (output: string) => Result<T, string>
}

/** Jobs on the pods of one account, over SSH. See docs/product-rules.md#15-queue-of-experiments. */
export function createJobHost(accountId: AccountId, options: JobHostOptions): JobHost {
  const { runCommand, openScript, graceSeconds } = options
  async function run<T>(pod: Pod, request: Request<T>): Promise<Result<T, JobHostError>> {
    const { script, limitMs, maxOutputBytes = MAX_OUTPUT_BYTES, hasEffect = false, parse } = request
    const { acceptance = null } = request
    const target = toSshTarget(accountId, pod)
    if (target === null) return fail(unreachable('it offers no SSH connection', false))
    if (!script.ok) return fail(failed(script.error))
    const never = new AbortController().signal
    const command = { script: script.value, limitMs, maxOutputBytes }
    const ran = await runCommand(target, command, never, { acceptance })
    if (!ran.ok) return fail(runError(ran.error, hasEffect))
    // A terminal without stty ends lines like this.
    const output = ran.value.bytes.toString('utf8').replaceAll('\r\n', '\n')
    const parsed = ran.value.isCutOff ? fail(UNREADABLE) : parse(output)
    return parsed.ok ? parsed : fail(failed(parsed.error, hasEffect && parsed.error === UNREADABLE))
  }

  function transferTo(
    pod: Pod,
    acceptance: HostKeyAcceptance | null,
  ): Result<JobTransferOptions, JobHostError> {
    const target: SshTarget | null = toSshTarget(accountId, pod)
    if (target === null) return fail(unreachable('it offers no SSH connection', false))
    if (target.ssh.direct === null) return fail(needsDirectSsh)
    const open: OpenScript = (to, command, signal) => openScript(to, command, signal, { acceptance })
    return ok({ openScript: open, target, root: jobsRootOf(pod) })
  }

  /** Returns the id of the upload. Nothing is started by it, so nothing of it is ever unclear. */
  async function upload(
    pod: Pod,
    files: JobLaunch['files'],
    acceptance: HostKeyAcceptance | null,
  ): Promise<Result<string, JobHostError>> {
    const transfer = transferTo(pod, acceptance)
    if (!transfer.ok) return transfer
    const uploadId = randomBytes(12).toString('hex')
    const script = uploadFolderScript(
      jobsRootOf(pod),
      uploadId,
      files.map(({ name }) => name),
    )
    const made = await run(pod, { script, limitMs: QUICK_MS, acceptance, parse: parseUploadFolder })
    if (!made.ok) return made
    for (const file of files) {
      const sent = await uploadFile(transfer.value, uploadId, file)
      if (!sent.ok) return fail(transferError(sent.error))
    }
    return ok(uploadId)
  }

  const host: JobHost = {
    async start(pod, job, acceptance = null) {
      if (!isJobId(job.id)) return fail(badId)
      const root = jobsRootOf(pod)
      const checked = startScript(root, job, null)
      if (!checked.ok) return fail(failed(checked.error))
      const uploaded = job.files.length === 0 ? ok(null) : await upload(pod, job.files, acceptance)
      if (!uploaded.ok) return uploaded
      const script = startScript(root, job, uploaded.value, graceSeconds)
      return run(pod, { script, limitMs: SLOW_MS, hasEffect: true, acceptance, parse: parseStart })
    },

    async read(pod, jobIds) {
      if (!jobIds.every(isJobId)) return fail(badId)
      if (jobIds.length === 0) return ok([])
      const script = readScript(jobsRootOf(pod), jobIds)
      return run(pod, { script, limitMs: QUICK_MS, parse: (output) => parseReadings(output, jobIds) })
    },

    async readLog(pod, jobId, fromByte, maxBytes) {
      if (!isJobId(jobId)) return fail(badId)
      const skipped = fromByte % LOG_BLOCK_BYTES
      const wanted = Math.min(maxBytes, MAX_LOG_BYTES)
      const blocks = Math.ceil((skipped + wanted) / LOG_BLOCK_BYTES)
      const script = logScript(jobsRootOf(pod), jobId, (fromByte - skipped) / LOG_BLOCK_BYTES, blocks)
      const parse = (output: string): Result<LogPiece, string> => {
        const log = parseLog(output)
        if (!log.ok) return log
        const { text, encoding, sizeBytes } = log.value
        return ok({ sizeBytes, bytes: Buffer.from(text, encoding).subarray(skipped, skipped + wanted) })
      }
      const maxOutputBytes = (blocks * LOG_BLOCK_BYTES + 1_024) * 4
      return run(pod, { script, limitMs: QUICK_MS, maxOutputBytes, parse })
    },

    async cancel(pod, jobId) {
      if (!isJobId(jobId)) return fail(badId)
      const script = cancelScript(jobsRootOf(pod), jobId)
      const parse = (output: string): ReturnType<typeof parseReadings> => parseReadings(output, [jobId])
      const reading = await run(pod, { script, limitMs: SLOW_MS, hasEffect: true, parse })
      if (!reading.ok) return reading
      const [only] = reading.value
      return only === undefined ? fail(failed(UNREADABLE, true)) : ok(only)
    },

    async listResults(pod, jobId, globs) {
      if (!isJobId(jobId)) return fail(badId)
      if (globs.length === 0) return ok([])
      const script = resultsScript(jobsRootOf(pod), jobId, globs)
      const maxOutputBytes = MAX_RESULTS * RESULT_LINE_BYTES
      const listed = await run(pod, { script, limitMs: RESULTS_MS, maxOutputBytes, parse: parseResults })
      if (!listed.ok || listed.value !== 'unsupported')
        return listed as Result<readonly ResultFile[], JobHostError>
      const message = 'The pod has no program that hashes files, so results can’t be checked.'
      return fail({ kind: 'unsupported', message, isUnclear: false })
    },

    async fetchResult(pod, jobId, file, folder, onProgress = () => {}) {
      if (!isJobId(jobId)) return fail(badId)
      const transfer = transferTo(pod, null)
      if (!transfer.ok) return transfer
      const fetched = await fetchFile(transfer.value, jobId, file, folder, onProgress)
      return fetched.ok ? fetched : fail(transferError(fetched.error))
    },
  }
  return host
}

const failed = (message: string, isUnclear = false): JobHostError => ({ kind: 'failed', message, isUnclear })

const unreachable = (reason: string, isUnclear: boolean): JobHostError => ({
  kind: 'unreachable',
  message: `Podkeeper can't run commands on the pod: ${reason}.`,
  isUnclear,
})

const badId = failed('The job has an invalid id.')

const needsDirectSsh: JobHostError = {
  kind: 'unsupported',
  message: 'Files need a direct SSH connection, which the pod does not offer.',
  isUnclear: false,
}

/** These end a command after it may have been sent. */
const lateFailures: readonly RunFailure['kind'][] = ['connection-lost', 'no-answer', 'timed-out', 'aborted']

const runError = ({ kind, reason }: RunFailure, hasEffect: boolean): JobHostError =>
  unreachable(reason, hasEffect && lateFailures.includes(kind))

const transferError = (failure: JobTransferFailure): JobHostError =>
  typeof failure === 'string' ? failed(failure) : unreachable(failure.reason, false)
