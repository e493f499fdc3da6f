import { fail, ok, type Result } from '../../base/result'

/** By common lower-case spellings, in the order in which they are written. */
const MODIFIERS: readonly (readonly [string, readonly string[]])[] = [
  ['CommandOrControl', ['commandorcontrol', 'cmdorctrl']],
  ['Command', ['command', 'cmd']],
  ['Control', ['control', 'ctrl']],
  ['Alt', ['alt', 'option']],
  ['AltGr', ['altgr']],
  ['Shift', ['shift']],
  ['Super', ['super', 'meta', 'win', 'windows']],
]

const NAMED_KEYS = [
  'Space',
  'Tab',
  'Backspace',
  'Delete',
  'Insert',
  'Return',
  'Up',
  'Down',
  'Left',
  'Right',
  'Home',
  'End',
  'PageUp',
  'PageDown',
  'Escape',
  'PrintScreen',
  'Plus',
]
const OTHER_SPELLINGS: Readonly<Record<string, string>> = { enter: 'Return', esc: 'Escape', del: 'Delete' }

/**
 * Parses a key combination as typed by the user into Electron's format ("Control+Alt+P"). The error follows a
 * name. A key alone or with Shift only is rejected, because it could no longer be typed anywhere.
 */
export function parseAccelerator(text: string): Result<string, string> {
  // "Ctrl++" means the plus key.
  const parts = text
    .trim()
    .replace(/\+\s*\+$/, '+Plus')
    .split('+')
    .map((part) => part.trim())
  const last = parts.pop() ?? ''
  const modifiers = new Set<string>()
  for (const part of parts) {
    const modifier = modifierOf(part)
    if (modifier === null)
      return fail(`must join keys by “+”, such as Ctrl+Alt+P (“${part}” isn’t a modifier key)`)
    modifiers.add(modifier)
  }
  if (modifierOf(last) !== null) return fail('must end in a key that isn’t a modifier, such as Ctrl+Alt+P')
  const key = keyOf(last)
  if (key === null) return fail(`must end in a key that Podkeeper knows (“${last}” isn’t one)`)
  const isFunctionKey = /^F\d/.test(key)
  if (!isFunctionKey && [...modifiers].every((modifier) => modifier === 'Shift'))
    return fail('must include Ctrl, Alt, Super or Command, or the key could no longer be typed')
  const sortedModifiers = MODIFIERS.map(([name]) => name).filter((name) => modifiers.has(name))
  return ok([...sortedModifiers, key].join('+'))
}

/** Validates like `parseAccelerator`, for the settings table. */
export function acceleratorProblem(text: string): string | null {
  const parsed = parseAccelerator(text)
  return parsed.ok ? null : parsed.error
}

function modifierOf(text: string): string | null {
  const spelling = text.toLowerCase()
  return MODIFIERS.find(([, spellings]) => spellings.includes(spelling))?.[0] ?? null
}

function keyOf(text: string): string | null {
  if (/^[\da-z]$/i.test(text)) return text.toUpperCase()
  if (/^f([1-9]|1\d|2[0-4])$/i.test(text)) return text.toUpperCase()
  if (/^[-=[\];'`,./\\]$/.test(text)) return text
  const spelling = text.toLowerCase()
  return OTHER_SPELLINGS[spelling] ?? NAMED_KEYS.find((name) => name.toLowerCase() === spelling) ?? null
}
