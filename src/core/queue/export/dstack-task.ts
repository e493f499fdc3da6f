import { gpusOf } from './gpu-names'
import {
  commandScript,
  type ExportedJob,
  JOB_FOLDER,
  sharedNotes,
  type TaskFile,
  taskName,
} from './task-file'

const priorities = { critical: 100, high: 75, normal: 50, low: 25 } as const

/** The job as a task of dstack, for `dstack apply`. Its file must be named `.dstack.yml`, or end with that. */
export function dstackTask(job: ExportedJob): TaskFile {
  const { spec, pod } = job
  const { needs, retries } = spec
  const { gpuCount, types } = gpusOf(job, 'dstack')
  const folder = `/root/${JOB_FOLDER}`
  const hasFiles = spec.files.length > 0
  return {
    task: {
      type: 'task',
      name: taskName(spec.name),
      backends: ['runpod'],
      ...(pod?.image != null && { image: pod.image }),
      shell: 'bash',
      ...((spec.variableNames.length > 0 || hasFiles) && {
        env: [...spec.variableNames, ...(hasFiles ? [`PODKEEPER_JOB_DIRECTORY=${folder}`] : [])],
      }),
      ...(hasFiles && {
        files: spec.files.map(({ name, path }) => ({ local_path: path, path: `${folder}/${name}` })),
      }),
      commands: [commandScript(spec, null)],
      resources: {
        gpu:
          gpuCount === 0
            ? 0
            : {
                ...(types.length > 0 && { name: types }),
                ...(needs.gpuMemoryGb !== null && { memory: `${needs.gpuMemoryGb}GB..` }),
                count: gpuCount,
              },
      },
      ...(pod?.maxPerHourUsd != null && { max_price: pod.maxPerHourUsd }),
      max_duration: `${spec.maxSeconds}s`,
      ...(retries > 0 && { retry: { on_events: ['error', 'interruption'], duration: '1d' } }),
      priority: priorities[spec.priority],
    },
    notes: [
      'Start it with: dstack apply -f FILE',
      ...(types.length > 1 ? ['Of these GPUs, dstack takes the cheapest, not the first that is free.'] : []),
      ...(types.length > 0 ? ['Compare the names of the GPUs with dstack offer -b runpod --gpu NAME.'] : []),
      ...(retries > 0
        ? [`It was to be tried ${retries + 1} times at most. Instead, dstack limits the time: a day here.`]
        : []),
      ...(hasFiles
        ? ['Files of up to 2 MB each are uploaded, unless the server of dstack allows more.']
        : []),
      ...(spec.command.includes('${{') ? ['In the command, dstack replaces ${{ … }}.'] : []),
      ...sharedNotes(job, folder),
    ],
  }
}
