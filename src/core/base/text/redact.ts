const HIDDEN = '[hidden]'

/** A value assigned to a name that matches this is treated as a secret. */
const SECRET_NAME = String.raw`[\w.-]*(?:api[_-]?key|secret|token|passw(?:or)?d|passphrase|credential|private[_-]?key|access[_-]?key)[\w.-]*`
const QUOTED = String.raw`"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'`

const assignmentPattern = (operator: '=' | ':', value: string): RegExp =>
  new RegExp(String.raw`((?<![\w.-])${SECRET_NAME}["']?\s*${operator}\s*)(?:${value})`, 'gi')

/*
 * The order matters. Each rule prefers to hide too much, because leaking a key is worse than losing a detail
 * in a log line.
 */
const RULES: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z0-9 ]+-----[\s\S]*?(?:-----END [A-Z0-9 ]+-----|$)/g, HIDDEN],
  // A pod's environment, as JSON or as Node prints objects. Hidden to the end of the text, because values may
  // contain anything.
  [/(["']?\benv(?:ironment)?["']?\s*[:=]\s*)(?:\{|\[)[\s\S]*$/i, `$1${HIDDEN}`],
  [/((?:proxy-)?authorization["']?\s*[:=,]\s*)[^\r\n]*/gi, `$1${HIDDEN}`],
  [/((?:set-)?cookie["']?\s*[:=,]\s*)[^\r\n]*/gi, `$1${HIDDEN}`],
  [/\b(bearer|basic)(\s+)["']?[^\s"',;]{4,}/gi, `$1$2${HIDDEN}`],
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/?#"'<>]*@/gi, `$1${HIDDEN}@`],
  [
    /([?&;](?:api[_-]?key|key|token|access[_-]token|secret|password|signature|sig)=)[^&#\s"'<>]*/gi,
    `$1${HIDDEN}`,
  ],
  [assignmentPattern('=', String.raw`${QUOTED}|\[hidden\]|[^\s,;&}\]]+`), `$1${HIDDEN}`],
  [assignmentPattern(':', QUOTED), `$1${HIDDEN}`],
  [
    /\b(rpa|rps|hfy_key|hk_live|hbf_st|sk|ghp|gho|ghs|ghu|github_pat|glpat|hf|xox[abpr])([_-])[\w-]{6,}/g,
    `$1$2${HIDDEN}`,
  ],
  [/\bAKIA[A-Z0-9]{12,}/g, HIDDEN],
  [/\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g, HIDDEN],
]

/**
 * Removes everything that looks like a secret, and every string in `secrets`. The result is on one line: line
 * breaks, control and bidirectional characters are escaped, such as `
 * ` or `\x1b`.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  let clean = text
  for (const secret of secrets) if (secret !== '') clean = clean.split(secret).join(HIDDEN)
  for (const [pattern, replacement] of RULES) clean = clean.replace(pattern, replacement)
  return clean.replace(CONTROL, escapeCharacter)
}

const CONTROL = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]/gu

const NAMED_ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function escapeCharacter(character: string): string {
  const code = character.charCodeAt(0)
  return NAMED_ESCAPES[character] ?? (code < 256 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`)
}

const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, '0')
