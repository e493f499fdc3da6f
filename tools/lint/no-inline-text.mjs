/*
 * Lint rule for components: what people read stands in a *-text.ts (CONTRIBUTING.md). These count as text:
 *   JSX text with a word in it: two letters, so that units and symbols are none
 *   a string with a word that is a JSX child, or an attribute such as aria-label
 *   any other string that reads like text: several words, or one that begins with a capital
 * Strings that only the program reads don't count: names of modules, types, classes, ids and keys, what is compared,
 * CSS selectors and media queries, and the messages of errors that are thrown.
 */
const WORD = /\p{L}{2}/u
const SENTENCE = /\p{L}\S*\s+\S*\p{L}|^\s*\p{Lu}\p{Ll}/u
const TEXT_ATTRIBUTES =
  /^(aria-(label|description|placeholder|roledescription|valuetext)|alt|help|hint|label|placeholder|title)$/
const OTHER_ATTRIBUTES = /^(className|d|href|id|key|placement|role|slot|src|style|type|viewBox)$/
/** Calls that take a CSS selector or a media query. */
const QUERIES = /^(closest|matches|matchMedia|querySelector|querySelectorAll)$/
const SELECTOR = /^[.#[][\w-]/

const message = 'A component holds no text: import it from a *-text.ts (see “Texts” in CONTRIBUTING.md).'

export const noInlineText = {
  create(context) {
    const check = (node, text) => {
      if (isForProgram(node)) return
      const attribute = attributeOf(node)
      if (OTHER_ATTRIBUTES.test(attribute)) return
      const isShown = TEXT_ATTRIBUTES.test(attribute) || isChild(node)
      if (isShown ? WORD.test(text) : SENTENCE.test(text) && !SELECTOR.test(text))
        context.report({ node, message })
    }
    return {
      JSXText(node) {
        if (WORD.test(node.value)) context.report({ node, message })
      },
      Literal(node) {
        if (typeof node.value === 'string') check(node, node.value)
      },
      TemplateLiteral(node) {
        const parts = node.quasis.map(({ value }) => value.cooked)
        // What is put in counts as a word beside one of the template's own.
        if (WORD.test(parts.join(' '))) check(node, parts.join('X'))
      },
    }
  },
}

function isForProgram(node) {
  const { parent } = node
  switch (parent.type) {
    case 'BinaryExpression':
    case 'ExpressionStatement':
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration':
    case 'ImportDeclaration':
    case 'ImportExpression':
    case 'MemberExpression':
    case 'SwitchCase':
    case 'TSLiteralType':
      return true
    case 'Property':
      return parent.key === node
    case 'NewExpression':
      return parent.callee.name === 'Error'
    case 'CallExpression':
      return QUERIES.test(parent.callee.property?.name ?? parent.callee.name)
    default:
      return false
  }
}

/** The attribute whose value a string is or chooses; empty without one, and for what functions and calls get. */
function attributeOf(node) {
  for (let { parent } = node; parent !== null; parent = parent.parent) {
    if (parent.type === 'JSXAttribute') return String(parent.name.name)
    if (/Function|CallExpression|JSXElement/.test(parent.type)) return ''
  }
  return ''
}

/** Whether a string is drawn as it is: `{isOn ? 'on' : 'off'}`. */
function isChild(node) {
  const { parent } = node
  switch (parent.type) {
    case 'JSXExpressionContainer':
      return parent.parent.type !== 'JSXAttribute'
    case 'ConditionalExpression':
      return parent.test !== node && isChild(parent)
    case 'LogicalExpression':
    case 'TemplateLiteral':
      return isChild(parent)
    default:
      return false
  }
}
