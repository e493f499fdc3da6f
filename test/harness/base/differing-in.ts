import type { Question } from '../../../src/core/confirmation/question-queue'

/** A question of `ask` for the request, and for each request that differs from it in one field. */
export function differingIn<T extends object>(
  ask: (request: T) => Question,
  request: T,
  changes: { readonly [K in keyof T]?: readonly T[K][] },
): readonly Question[] {
  const changed = Object.entries(changes).flatMap(([field, values]) =>
    (values as readonly unknown[]).map((value) => ask({ ...request, [field]: value })),
  )
  return [ask(request), ...changed]
}
