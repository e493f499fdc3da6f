import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isInnerTarget } from '../../../src/core/files/transfer-plan'

/** Follows a path below the root as a system does. Throws what goes wrong. */
function follow(links: ReadonlyMap<string, string>, path: string): void {
  let steps = 0
  const walk = (start: readonly string[], rest: string): readonly string[] => {
    if ((steps += 1) > 200) throw new RangeError('circle')
    let at = [...start]
    for (const part of rest.split('/').filter((each) => each !== '' && each !== '.')) {
      if (part === '..' && at.length === 0) throw new Error('outside')
      const target = links.get([...at, part].join('/'))
      if (part === '..') at.pop()
      else at = target === undefined ? [...at, part] : [...walk(at, target)]
    }
    return at
  }
  walk([], path)
}

/** Whether it ends somewhere inside, or nowhere because links lead in circles. */
function staysInside(links: ReadonlyMap<string, string>, path: string): boolean {
  try {
    follow(links, path)
    return true
  } catch (error) {
    return error instanceof RangeError
  }
}

it('links that may be made lead nowhere outside, however they lead through each other', () => {
  const name = fc.constantFrom('a', 'b', 'c')
  const place = fc.array(name, { minLength: 1, maxLength: 3 })
  const target = fc.array(fc.constantFrom('a', 'b', 'c', '..', '.', ''), { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(
      fc.array(fc.tuple(place, target), { maxLength: 6 }),
      fc.array(name, { maxLength: 4 }),
      (all, way) => {
        const made = all
          .map(([parts, to]) => [parts, to.join('/')] as const)
          .filter(([parts, to]) => isInnerTarget(to, parts.length - 1))
          // A folder on the way to a link is a real one.
          .filter(([parts], _, others) =>
            others.every(([other]) => other === parts || !parts.join('/').startsWith(`${other.join('/')}/`)),
          )
        const links = new Map(made.map(([parts, to]) => [parts.join('/'), to]))
        expect(staysInside(links, way.join('/'))).toBe(true)
      },
    ),
    { numRuns: 1_000 },
  )
})

it('two links that must not be made lead outside together', () => {
  expect(
    staysInside(
      new Map([
        ['a', '.'],
        ['b/c', '../a/..'],
      ]),
      'b/c',
    ),
  ).toBe(false)
})

it.each([
  ['../x', 1, true],
  ['..', 0, false],
  ['../../x', 1, false],
  ['a/../../x', 1, false],
  ['a/..', 0, false],
  ['./a//b', 0, true],
  ['/etc/passwd', 5, false],
  ['', 0, false],
  ['..\\..\\x', 0, false],
  ['a\0', 0, false],
])('the target %j of a link %i folders down is inside: %s', (target, depth, isInner) => {
  expect(isInnerTarget(target, depth)).toBe(isInner)
})
