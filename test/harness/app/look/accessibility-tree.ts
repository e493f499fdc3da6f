import type { Page } from 'playwright-core'

interface AxNode {
  readonly nodeId: string
  readonly ignored: boolean
  readonly parentId?: string
  readonly childIds?: readonly string[]
  readonly role?: { readonly value?: unknown }
  readonly name?: { readonly value?: unknown }
  readonly description?: { readonly value?: unknown }
  readonly value?: { readonly value?: unknown }
  readonly properties?: readonly { readonly name: string; readonly value: { readonly value?: unknown } }[]
}

/** Screen readers announce only the children of these roles, or nothing. */
const SILENT_ROLES = new Set([
  'none',
  'generic',
  'HeaderAsNonLandmark',
  'FooterAsNonLandmark',
  'InlineTextBox',
  'LineBreak',
  'RootWebArea',
  'LabelText',
  'Section',
  'paragraph',
])
/** States that are announced if set. */
const SPOKEN_STATES = [
  'disabled',
  'focused',
  'expanded',
  'checked',
  'selected',
  'pressed',
  'level',
  'live',
  'invalid',
]

/**
 * The accessibility tree that Chromium exposes for the page, one indented line per node: `heading "Pods" level=1`. It
 * comes from Chromium instead of the markup, so that hidden, covered and renamed elements are correct.
 */
export async function accessibilityTree(page: Page): Promise<string> {
  const session = await page.context().newCDPSession(page)
  try {
    await session.send('Accessibility.enable')
    const { nodes } = (await session.send('Accessibility.getFullAXTree')) as unknown as {
      nodes: readonly AxNode[]
    }
    const byId = new Map(nodes.map((node) => [node.nodeId, node]))
    const lines: string[] = []
    const root = nodes.find(({ parentId }) => parentId === undefined)
    if (root !== undefined) appendLines(root, byId, 0, lines)
    return lines.join('\n')
  } finally {
    await session.detach()
  }
}

function appendLines(node: AxNode, byId: ReadonlyMap<string, AxNode>, depth: number, lines: string[]): void {
  const role = wordOf(node.role)
  const name = wordOf(node.name)
  const isSilent = node.ignored || SILENT_ROLES.has(role) || (role === 'StaticText' && name === '')
  if (!isSilent) lines.push(`${'  '.repeat(depth)}${lineOf(node, role, name)}`)
  // A button's text is already its name.
  if (!isSilent && role !== 'RootWebArea' && isNamedByContent(role)) return
  for (const id of node.childIds ?? []) {
    const child = byId.get(id)
    if (child !== undefined) appendLines(child, byId, isSilent ? depth : depth + 1, lines)
  }
}

function lineOf(node: AxNode, role: string, name: string): string {
  const states = (node.properties ?? [])
    .filter(
      ({ name: state, value }) =>
        SPOKEN_STATES.includes(state) && value.value !== false && value.value !== 'false',
    )
    .map(({ name: state, value }) => (value.value === true ? state : `${state}=${String(value.value)}`))
  const description = wordOf(node.description)
  return [
    role === 'StaticText' ? 'text' : role,
    ...(name === '' ? [] : [`"${name}"`]),
    ...states,
    ...(wordOf(node.value) === '' ? [] : [`value="${wordOf(node.value)}"`]),
    ...(description === '' ? [] : [`(${description})`]),
  ].join(' ')
}

const isNamedByContent = (role: string): boolean =>
  [
    'button',
    'heading',
    'link',
    'menuitem',
    'StaticText',
    'option',
    'tab',
    'switch',
    'checkbox',
    'radio',
  ].includes(role)

const wordOf = (field: { readonly value?: unknown } | undefined): string =>
  typeof field?.value === 'string'
    ? field.value.trim()
    : JSON.stringify(field?.value ?? '').replaceAll('"', '')
