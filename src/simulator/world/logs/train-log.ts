import { between } from '../seeded-random'

const STEPS = 20_000
const STEP_S = 1.57
export const TRAIN_STEPS_PER_LINE = 10

/** Seconds between two lines of a training log. */
export const TRAIN_LINE_S = STEP_S * TRAIN_STEPS_PER_LINE

/** Line `index`, from 0: "step 14210/20000 loss 1.0834 lr 8.1e-06 tok/s 41.2k eta 02:58:11". */
export function trainLine(seed: number, podId: string, index: number): string {
  const done = (index + 1) * TRAIN_STEPS_PER_LINE
  const step = ((done - 1) % STEPS) + 1
  const epoch = Math.floor((done - 1) / STEPS)
  const wobble = between(-40, 40, seed, podId, 'loss', index) / 1_000
  const loss = 0.98 / (1 + epoch) + 1.9 * Math.exp(-step / 3_200) + wobble
  const rate = 2e-5 * (0.05 + 0.95 * (1 - step / STEPS))
  const tokens = between(405, 418, seed, podId, 'tokens', index) / 10
  return `step ${step}/${STEPS} loss ${loss.toFixed(4)} lr ${rate.toExponential(1)} tok/s ${tokens.toFixed(1)}k eta ${formatDuration((STEPS - step) * STEP_S)}`
}

function formatDuration(seconds: number): string {
  const part = (value: number) => String(Math.floor(value)).padStart(2, '0')
  return `${part(seconds / 3_600)}:${part((seconds / 60) % 60)}:${part(seconds % 60)}`
}
