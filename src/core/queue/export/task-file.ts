import { withoutEnd } from '../../base/text/without-end'
import { shellWord } from '../../base/text/shell-word'
import type { JobSpec } from '../jobs/job-spec'

/** A pod that is made for a job, as far as it matters elsewhere. */
export interface TaskPod {
  readonly image: string | null
  /** Runpod's ids, in order of preference. */
  readonly gpuTypeIds: readonly string[]
  readonly gpuCount: number
  /** USD per hour; null: no limit is known. */
  readonly maxPerHourUsd: number | null
}

export interface ExportedJob {
  readonly spec: JobSpec
  /** The names of the jobs that must have passed. */
  readonly dependsOn: readonly string[]
  /** Null: it waits for a pod that is there. */
  readonly pod: TaskPod | null
}

/** A task of an engine. `notes`: sentences on what could not be carried over, and on what to do about it. */
export interface TaskFile {
  readonly task: Readonly<Record<string, unknown>>
  readonly notes: readonly string[]
}

/** The command as a shell script: as it is, or as a file of its own where it names its interpreter. */
export function commandScript({ command, workingDirectory }: JobSpec, maxSeconds: number | null): string {
  const limit = maxSeconds === null ? '' : `timeout ${maxSeconds} `
  const lines = workingDirectory === null ? [] : [`cd ${shellPath(workingDirectory)}`]
  const marker = freeMarker(command)
  if (command.startsWith('#!'))
    lines.push(
      `cat > /tmp/podkeeper-command <<'${marker}'`,
      command.trimEnd(),
      marker,
      'chmod +x /tmp/podkeeper-command',
      `${limit}/tmp/podkeeper-command`,
    )
  else if (maxSeconds === null) lines.push(command.trimEnd())
  else lines.push(`${limit}bash -c "$(cat <<'${marker}'`, command.trimEnd(), marker, ')"')
  return `${lines.join('\n')}\n`
}

/** A tilde at its beginning stays what it is. */
const shellPath = (path: string): string =>
  /^~(\/|$)/.test(path) ? `~${path.length > 2 ? `/${shellWord(path.slice(2))}` : ''}` : shellWord(path)

function freeMarker(command: string): string {
  let marker = 'PODKEEPER_COMMAND'
  while (command.includes(marker)) marker += '_'
  return marker
}

/** "train-1" of "Train 1": what both engines accept as a name. */
export function taskName(name: string): string {
  const plain = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 40)
  const ended = withoutEnd(plain, '-')
  return ended.length > 1 ? ended : `job-${ended || 'x'}`
}

/** What neither engine has. */
export function sharedNotes({ spec, dependsOn, pod }: ExportedJob, folder: string): readonly string[] {
  const { needs, resultGlobs, resultsFolder, afterSuccess, sharesPod, estimatedSeconds, variableNames } = spec
  return [
    ...(variableNames.length > 0
      ? [`Values of variables are not in this file. Set ${variableNames.join(', ')} when you start the task.`]
      : []),
    ...(spec.files.length > 0
      ? [`Files are copied from this computer to ${folder}, which is $PODKEEPER_JOB_DIRECTORY.`]
      : []),
    ...(resultGlobs.length > 0
      ? [
          `Results (${resultGlobs.join(', ')}) are not fetched${resultsFolder === null ? '' : ` to ${resultsFolder}`}: copy them at the end of the command, such as to a bucket.`,
        ]
      : []),
    ...(dependsOn.length > 0 ? [`It needs ${dependsOn.join(', ')} to have passed. Start it only then.`] : []),
    ...(needs.label !== null ? [`It was for pods with “${needs.label}” in their names.`] : []),
    ...(pod === null || pod.image === null ? ['No image is known, so the engine’s own is used.'] : []),
    ...(pod === null || pod.maxPerHourUsd === null
      ? ['No price limit is known, so none is set. Look at the price before you start it.']
      : []),
    ...(sharesPod ? ['It ran beside other jobs on one pod; here it has a machine of its own.'] : []),
    ...(afterSuccess === 'keep' ? ['The pod was to keep running after it; here the engine decides.'] : []),
    ...(estimatedSeconds === null
      ? []
      : [`It was estimated to take ${Math.round(estimatedSeconds / 60)} min.`]),
  ]
}

export const JOB_FOLDER = 'podkeeper-job'
