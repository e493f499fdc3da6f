import type { Result } from '../base/result'

type OperationFunction = (...args: never[]) => Result<unknown, string> | Promise<Result<unknown, string>>
type ReplyOf<F extends OperationFunction> = Extract<Awaited<ReturnType<F>>, { readonly ok: true }>['value']

/** How one transport asks for operations: each by its name, with the arguments that it takes. */
export type BoundOperations<
  T extends { readonly [K in keyof T]: OperationFunction },
  Name extends keyof T,
  E,
> = {
  readonly [K in Name]: (...args: Parameters<T[K]>) => Promise<Result<ReplyOf<T[K]>, E>>
}

/**
 * The operations as handlers of a transport. `carryOut` finds what they are asked of and calls back with it, or says
 * why there is none.
 */
export function bindOperations<
  T extends { readonly [K in keyof T]: OperationFunction },
  Name extends keyof T,
  E,
>(
  names: readonly Name[],
  carryOut: (
    run: (operations: T) => Result<unknown, string> | Promise<Result<unknown, string>>,
  ) => Promise<Result<unknown, E>>,
): BoundOperations<T, Name, E> {
  const bound = names.map((name) => [
    name,
    (...args: never[]) => carryOut((operations) => operations[name](...args)),
  ])
  return Object.fromEntries(bound) as BoundOperations<T, Name, E>
}
