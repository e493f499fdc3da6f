import type { Cause } from '../../shared/operations/operation'
import { socketOperations, type TokenOperationName } from '../../shared/operations/socket-operations'

export type { Cause } from '../../shared/operations/operation'

/** What an operation can cause, or the part of it that a caller makes use of. */
export const causeOf = <N extends TokenOperationName>(
  name: N,
  ...part: (typeof socketOperations)[N]['cause'][number][]
): readonly Cause[] => (part.length === 0 ? socketOperations[name].cause : part)

export const isReadOnly = (cause: readonly Cause[]): boolean => cause.every((one) => one === 'reads')

const destructive: readonly Cause[] = ['spends', 'stops', 'runs-on-pod', 'destroys']
/** Doing these a second time changes nothing more. */
const repeatable: readonly Cause[] = ['reads', 'changes-here', 'stops']

/** What an agent's client is told of a tool, by what it can cause. */
export const toolHints = (cause: readonly Cause[]) => ({
  readOnlyHint: isReadOnly(cause),
  destructiveHint: cause.some((one) => destructive.includes(one)),
  idempotentHint: cause.every((one) => repeatable.includes(one)),
  openWorldHint: cause.some((one) => one !== 'changes-here'),
})
