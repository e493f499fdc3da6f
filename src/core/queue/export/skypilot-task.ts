import { gpusOf } from './gpu-names'
import {
  commandScript,
  type ExportedJob,
  JOB_FOLDER,
  sharedNotes,
  type TaskFile,
  taskName,
} from './task-file'

/** Replaced by a person, because the engine would rent a machine without a GPU. */
const CHOOSE_GPU = 'CHOOSE-A-GPU'

/** The job as a task of SkyPilot, for `sky jobs launch`. */
export function skypilotTask(job: ExportedJob): TaskFile {
  const { spec, pod } = job
  const { needs, retries } = spec
  const { gpuCount, types: named } = gpusOf(job, 'skypilot')
  const types = named.length > 0 ? named : [CHOOSE_GPU]
  const accelerators = types.map((type) => `${type}:${gpuCount}`)
  const folder = `~/${JOB_FOLDER}`
  const hasFiles = spec.files.length > 0
  const run = `${hasFiles ? `export PODKEEPER_JOB_DIRECTORY="$HOME/${JOB_FOLDER}"\n` : ''}${commandScript(spec, spec.maxSeconds)}`
  return {
    task: {
      name: taskName(spec.name),
      resources: {
        infra: 'runpod',
        // A list is tried in its order.
        ...(gpuCount > 0 && { accelerators: accelerators.length === 1 ? accelerators[0] : accelerators }),
        ...(pod?.image != null && { image_id: `docker:${pod.image}` }),
        ...(pod?.maxPerHourUsd != null && { max_hourly_cost: pod.maxPerHourUsd }),
        ...(retries > 0 && { job_recovery: { max_restarts_on_errors: retries } }),
      },
      ...(spec.variableNames.length > 0 && {
        secrets: Object.fromEntries(spec.variableNames.map((name) => [name, null])),
      }),
      ...(hasFiles && {
        file_mounts: Object.fromEntries(spec.files.map(({ name, path }) => [`${folder}/${name}`, path])),
      }),
      run,
    },
    notes: [
      'Start it with: sky jobs launch FILE. A managed job releases its machine when it is over.',
      ...(spec.variableNames.length > 0
        ? [`Pass variables with: ${spec.variableNames.map((name) => `--secret ${name}`).join(' ')}`]
        : []),
      ...(gpuCount > 0 && types[0] === CHOOSE_GPU
        ? [
            `Any GPU${needs.gpuMemoryGb === null ? '' : ` with ${needs.gpuMemoryGb} GB`} would do. Replace ${CHOOSE_GPU} by one of sky show-gpus --infra runpod.`,
          ]
        : []),
      ...(gpuCount > 0 ? ['Compare the names of the GPUs with sky show-gpus --infra runpod.'] : []),
      ...(pod?.maxPerHourUsd != null ? ['An older SkyPilot doesn’t know max_hourly_cost.'] : []),
      ...sharedNotes(job, folder),
    ],
  }
}
