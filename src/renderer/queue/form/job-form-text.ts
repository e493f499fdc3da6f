import { plainName, shortName } from '../../../core/pods/pod-name'
import type { JobForm } from '../../../core/queue/jobs/job-form'
import type { AfterSuccess } from '../../../core/queue/jobs/job-choices'

export const title = {
  new: 'New job',
  edit: (name: string): string => `Edit ${plainName(name)}`,
  copy: (name: string): string => `Retry ${plainName(name)} on a larger GPU`,
} as const

export const fieldLabels = {
  name: 'Name',
  command: 'Command or script',
  workingDirectory: 'Working directory',
  gpuType: 'GPU type',
  gpuCount: 'GPUs',
  gpuMemoryGb: 'Memory per GPU',
  label: 'Pod name contains',
  accountId: 'Account or lab',
  sharesPod: 'Share the pod',
  priority: 'Priority',
  estimate: 'Usually takes',
  maxTime: 'Time limit',
  retries: 'Retries',
  dependsOn: 'Runs after',
  afterSuccess: 'After success',
  variables: 'Variables',
  files: 'Files to upload',
  resultGlobs: 'Results to fetch',
  resultsFolder: 'Folder for results',
  hold: 'Add on hold',
} as const

export const help = {
  command: 'Runs in sh, with all GPUs that it needs',
  workingDirectory: 'A folder on the pod. Empty for a new one',
  gpuType: 'Such as H100. Empty for any',
  gpuCount: 'At least',
  label: 'Empty for any pod',
  sharesPod: 'Uses only the GPUs it needs, so other jobs can run alongside it.',
  estimate: 'Such as 1 h 30 min. Empty to use past runs',
  maxTime: 'The pod ends the job after this time',
  retries: 'After a failure',
  variables: 'Copy lines such as NAME=value, then paste. Their values never enter this window.',
  files: 'Sent to the job’s folder before it starts',
  resultGlobs: 'One pattern a line, such as out/*.pt',
  resultsFolder: 'Results are saved here when the job passes. Without a folder, you fetch them yourself.',
  hold: 'It waits until you release it.',
} as const

export const placeholders = {
  command: 'python train.py --lr 3e-4',
  workingDirectory: '/workspace/llama',
  resultGlobs: 'out/*.pt',
} as const

export const groups = {
  where: 'Where it runs',
  when: 'When it runs',
  files: 'Files and results',
} as const

export const buttons = {
  add: 'Add job…',
  save: 'Save',
  busy: 'Waiting for your answer…',
  paste: 'Paste variables',
  chooseFiles: 'Choose files…',
  chooseFolder: 'Choose folder…',
} as const

export const clearLabel = (what: string): string => `Remove: ${what.toLowerCase()}`

export const afterSuccessLabels: Readonly<Record<AfterSuccess, string>> = {
  keep: 'Keep the pod',
  stop: 'Stop the pod',
  next: 'Run the next job',
}

export const ANY_ACCOUNT = 'Any'
export const NO_DEPENDENCY = 'No other job'

export const dependencyText = (count: number): string => (count === 1 ? '1 job' : `${count} jobs`)

/** "HF_TOKEN, SEED", or that there are none. */
export const namesOrNone = (names: readonly string[]): string =>
  names.length === 0 ? 'None' : names.map((name) => shortName(name, 60)).join(', ')

/** Of a path, the last part. */
export const folderName = (path: string): string =>
  path
    .split(/[\\/]/)
    .filter((part) => part !== '')
    .at(-1) ?? path

/** Null: nothing is wrong. */
export function folderProblem({ afterSuccess, resultGlobs }: JobForm, hasFolder: boolean): string | null {
  return afterSuccess === 'stop' && resultGlobs.trim() !== '' && !hasFolder
    ? 'Choose a folder: the results are fetched before the pod is stopped.'
    : null
}

export const formToasts = {
  added: (name: string): string => `${shortName(name)} added to the queue`,
  saved: (name: string): string => `${shortName(name)} changed`,
  notAdded: 'The job was not added',
  notSaved: 'The job was not changed',
  notPasted: 'No variables were pasted',
  notChosen: 'Nothing was chosen',
} as const

export const startedMeanwhile = 'This job is no longer waiting, so it can’t be edited.'
export const CONFIRM_NOTE = 'You review the whole command before the job is added.'
