import { TRAIN_LINE_S, TRAIN_STEPS_PER_LINE, trainLine } from '../../world/logs/train-log'
import { type SimulatedCommand, delay } from './command'

const DEFAULT_STEPS = 100
/** A larger one needs more memory than any GPU has. */
const MAX_BATCH_SIZE = 32

/**
 * `python NAME.py`: prints what a training prints, a line every few seconds, for `--steps N` steps. With a large
 * `--batch-size` it runs out of memory.
 */
export const python: SimulatedCommand = async ({ args, machine, signal, write, writeError }) => {
  const [script] = args.filter((arg) => arg.endsWith('.py'))
  if (script === undefined) {
    await writeError('python: this pod is simulated: name a script, such as train.py\n')
    return 2
  }
  const option = (name: string, otherwise: number): number => {
    const at = args.indexOf(name)
    return at < 0 ? otherwise : Number(args[at + 1]) || 0
  }
  const lines = Math.ceil(option('--steps', DEFAULT_STEPS) / TRAIN_STEPS_PER_LINE)
  const isTooLarge = option('--batch-size', 1) > MAX_BATCH_SIZE
  for (let index = 0; index < lines; index += 1) {
    await delay(machine.realMs(TRAIN_LINE_S * 1_000), signal)
    if (signal.aborted) return 130
    if (isTooLarge) {
      await writeError('torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 21.47 GiB.\n')
      return 1
    }
    await write(`${trainLine(0, machine.podId, index)}\n`)
  }
  return 0
}
