import { parseSync } from 'vite'
import { expect, test } from 'vitest'
import { functionLength } from '../../tools/lint/function-length.mjs'

/** What the rule reports, by the first line of each function. */
function reportsIn(code, options) {
  const reports = []
  const lineAt = (offset) => code.slice(0, offset).split('\n').length
  const visitor = functionLength.create({
    options: [options],
    sourceCode: { text: code },
    report: ({ node, message }) => reports.push(`${node.loc.start.line}: ${message}`),
  })
  const { program, errors } = parseSync('a.js', code)
  expect(errors).toEqual([])
  const visit = (node) => {
    if (typeof node?.type !== 'string') return
    node.loc = { start: { line: lineAt(node.start) }, end: { line: lineAt(node.end) } }
    visitor[node.type]?.(node)
    for (const child of Object.values(node)) for (const one of [child].flat()) visit(one)
    visitor[`${node.type}:exit`]?.(node)
  }
  visit(program)
  return reports
}

const statements = (count) => 'go()\n'.repeat(count)

test('a function of more lines than are allowed is reported, one of as many is not', () => {
  const code = (count) => `function a() {\n${statements(count)}}\n`
  expect(reportsIn(code(3), { own: 5, whole: 5 })).toEqual([])
  expect(reportsIn(code(4), { own: 5, whole: 5 })).toEqual([
    '1: A function of 6 lines of its own: 5 are the most.',
  ])
})

test('of a function in another one, only its first line counts there, until there are too many of them', () => {
  const inner = `const b = () => {\n${statements(3)}}\n`
  const code = `function a() {\n${inner.repeat(2)}}\n`
  expect(reportsIn(code, { own: 5, whole: 12 })).toEqual([])
  expect(reportsIn(code, { own: 5, whole: 11 })).toEqual([
    '1: 12 lines with the functions in it: 11 are the most.',
  ])
})

test('empty lines and comments don’t count', () => {
  const code = `function a() {\n${statements(2)}\n// why\n/**\n * more\n */\n${statements(1)}}\n`
  expect(reportsIn(code, { own: 5, whole: 5 })).toEqual([])
})
