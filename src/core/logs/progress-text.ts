import { formatDuration } from '../base/text/format'
import { RUNPOD_NAME } from '../pods/labs/service-name'
import type { PodProgress, ProgressProblem, ProgressStep } from './pod-progress'

export const stepLabels: Readonly<Record<ProgressStep, string>> = {
  machine: 'Machine',
  image: 'Image',
  container: 'Container',
  ssh: 'SSH',
}

/** Where it is, in a few words: "Pulling the image, 62%, 3 of 5 layers". */
export function progressText({ steps, pull, problem }: PodProgress): string {
  if (problem !== null) return problemTitle(problem)
  if (steps.machine === 'now') return 'Waiting for a machine'
  if (steps.image === 'now') {
    const percent = pull === null || pull.percent === null ? '' : `, ${pull.percent}%`
    const layers = pull === null ? '' : `, ${pull.pulledLayers} of ${pull.layers} layers`
    return `Pulling the image${percent}${layers}`
  }
  if (steps.image === 'unknown') return 'Starting, no details yet'
  if (steps.container === 'now') return 'Starting the container'
  if (steps.ssh === 'done') return 'SSH is reachable'
  if (steps.ssh === 'unknown') return 'Running. Whether SSH is reachable isn’t known'
  return 'Waiting for SSH'
}

/** The same in two words or three, for a table: "image 62%". */
export function shortProgressText({ steps, pull, problem }: PodProgress): string {
  if (problem !== null) return shortProblems[problem.kind]
  if (steps.machine === 'now') return 'no machine yet'
  if (steps.image === 'now')
    return pull === null || pull.percent === null ? 'image' : `image ${pull.percent}%`
  if (steps.container === 'now') return 'container'
  return steps.image === 'unknown' ? 'starting' : 'waits for SSH'
}

const shortProblems: Readonly<Record<ProgressProblem['kind'], string>> = {
  'pull-failed': 'pull failed',
  'start-failed': 'start failed',
  'crash-loop': 'crash loop',
  silent: 'no progress',
}

export function problemTitle(problem: ProgressProblem): string {
  switch (problem.kind) {
    case 'pull-failed':
      return 'Image pull failed'
    case 'start-failed':
      return 'Container start failed'
    case 'crash-loop':
      return `Crash loop: started ${problem.starts} times in ${formatDuration(problem.forMs)}`
    case 'silent':
      return `No progress for ${formatDuration(problem.forMs)}`
  }
}

/** What it means and what to do, in sentences. */
export function problemAdvice(problem: ProgressProblem, service: string = RUNPOD_NAME): string {
  switch (problem.kind) {
    case 'pull-failed':
      return `Check the image’s name and tag, and its registry credentials. You may be paying while ${service} keeps trying.`
    case 'start-failed':
      return 'Check the image and its start command. You may be paying for this pod although it can’t be used.'
    case 'crash-loop':
      return `The container’s command keeps ending, and ${service} starts it again. You’re still paying for the pod. Its log says why.`
    case 'silent':
      return 'Nothing new in its system log. You may already be paying for it. Consider terminating it and creating another one.'
  }
}

/** For a screen reader: "Machine done, image in progress, container next, SSH next". */
export function stepsText({ steps }: Pick<PodProgress, 'steps'>): string {
  const words = {
    done: 'done',
    now: 'in progress',
    next: 'next',
    failed: 'failed',
    unknown: 'unknown',
  } as const
  const parts = Object.entries(steps).map(([step, state]) => {
    const label = stepLabels[step as ProgressStep]
    return `${step === 'machine' || step === 'ssh' ? label : label.toLowerCase()} ${words[state]}`
  })
  return parts.join(', ')
}
