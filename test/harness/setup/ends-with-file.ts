import { afterAll } from 'vitest'

/**
 * To be called once in a test file: what is given to the returned function runs after the file's tests, the last first.
 */
export function endsWithFile(): (end: () => void | Promise<void>) => void {
  const ends: (() => void | Promise<void>)[] = []
  afterAll(async () => {
    for (const end of ends.splice(0).reverse()) await end()
  })
  return (end) => void ends.push(end)
}
