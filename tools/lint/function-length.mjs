/*
 * Lint rule: a function has at most `own` lines of code, not counting the functions in it beyond their first line, and
 * at most `whole` lines with them. So a factory may hold many short functions around its state, but neither a long
 * function nor a factory that fills a file. Empty lines and comments don't count.
 */
const NO_CODE = /^\s*($|\/\/|\/?\*)/

export const functionLength = {
  meta: {
    schema: [
      {
        type: 'object',
        properties: { own: { type: 'integer' }, whole: { type: 'integer' } },
        required: ['own', 'whole'],
        additionalProperties: false,
      },
    ],
  },
  create(context) {
    const { own, whole } = context.options[0]
    /** How many lines of code stand before each line. */
    const before = [0, 0]
    for (const line of context.sourceCode.text.split('\n')) before.push(before.at(-1) + !NO_CODE.test(line))
    /** For each function around the current place, how many lines belong to functions in it. */
    const inner = []

    function enter() {
      inner.push(0)
    }

    function leave(node) {
      const { start, end } = node.loc
      const lines = before[end.line + 1] - before[start.line]
      const ownLines = lines - inner.pop()
      if (inner.length > 0) inner[inner.length - 1] += lines - 1
      if (ownLines > own)
        context.report({ node, message: `A function of ${ownLines} lines of its own: ${own} are the most.` })
      else if (lines > whole)
        context.report({ node, message: `${lines} lines with the functions in it: ${whole} are the most.` })
    }

    const kinds = ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']
    return Object.fromEntries(
      kinds.flatMap((kind) => [
        [kind, enter],
        [`${kind}:exit`, leave],
      ]),
    )
  },
}
