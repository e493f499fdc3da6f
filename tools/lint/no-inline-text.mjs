/*
 * Lint rule: what people read stands in a *-text.ts (CONTRIBUTING.md). These count as text:
 *   JSX text with a word in it: two letters, so that units and symbols are none
 *   a string with a word that is a JSX child, or an attribute such as aria-label
 *   any other string that reads like text: several words, or one that begins with a capital
 * Strings that only programs and developers read don't count:
 *   names of modules, types, classes, ids, keys, products, members of D-Bus and parts of paths
 *   what is compared or searched for, CSS selectors and media queries
 *   formats: lines of a desktop entry, types of content, fonts, keys of the keyboard
 *   messages of errors that are thrown, bodies of responses, and the log. The option `logs` names functions that write to it.
 */
const WORD = /\p{L}{2}/u
const SENTENCE = /\p{L}\S*\s+\S*\p{L}|^\s*\p{Lu}\p{Ll}+(?![\p{L}\p{N}])/u
const TEXT_ATTRIBUTES =
  /^(aria-(label|description|placeholder|roledescription|valuetext)|alt|help|hint|label|placeholder|title)$/
const OTHER_ATTRIBUTES = /^(className|d|href|id|key|placement|role|slot|src|style|type|viewBox)$/
/** Properties of objects that are no attributes. */
const OTHER_PROPERTIES = /^(id|member)$/
/** Calls that take a CSS selector or a media query, and those that only look at a string. */
const QUERIES = /^(closest|endsWith|includes|matches|matchMedia|querySelector|querySelectorAll|startsWith)$/
/** Calls of D-Bus, and of node:path. */
const NAMING = /^(call|callBus|join|resolve)$/
const LOGS = /^(console|log)$/
const FORMATS = [
  /^[.#[][\w-]/, // a CSS selector
  /^\(prefers-/, // a media query
  /px( |$)|, monospace$/, // a font, or lengths
  /^[\w-]+=\S*$/, // a line of a desktop entry
  /^[a-z]+\/[a-z]+; [a-z]+=/, // a type of content
  /^Ctrl( \w+)*$/, // keys
  /^(Podkeeper|podkeeper watch|Hubify|Runpod)$/, // products and programs
]

const message = 'Text doesn’t stand here: import it from a *-text.ts (see “Texts” in CONTRIBUTING.md).'

export const noInlineText = {
  meta: {
    schema: [
      {
        type: 'object',
        properties: { logs: { type: 'array', items: { type: 'string' } } },
        additionalProperties: false,
      },
    ],
  },
  create(context) {
    const logs = new Set(context.options?.[0]?.logs ?? [])
    const check = (node, text) => {
      if (isForProgram(node, logs)) return
      const attribute = attributeOf(node)
      if (OTHER_ATTRIBUTES.test(attribute)) return
      const isShown = TEXT_ATTRIBUTES.test(attribute) || isChild(node)
      if (isShown ? WORD.test(text) : SENTENCE.test(text) && !FORMATS.some((format) => format.test(text)))
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

function isForProgram(node, logs) {
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
      return parent.key === node || OTHER_PROPERTIES.test(parent.key.name)
    case 'ArrayExpression':
      return parent.parent.type === 'CallExpression' && isForProgram(parent, logs)
    case 'ConditionalExpression':
    case 'LogicalExpression':
    case 'TemplateLiteral':
      return isForProgram(parent, logs)
    case 'NewExpression':
      return /^(Error|Response)$/.test(parent.callee.name)
    case 'CallExpression':
      return isCallForProgram(parent.callee, logs)
    default:
      return false
  }
}

/** Of a function, or of a method: `console.warn()`, `session.log.warn()`, `text.includes()`. */
function isCallForProgram({ name, object, property }, logs) {
  if (name !== undefined) return QUERIES.test(name) || NAMING.test(name) || logs.has(name)
  const owner = object?.property?.name ?? object?.name
  return QUERIES.test(property?.name) || LOGS.test(owner) || logs.has(property?.name)
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
