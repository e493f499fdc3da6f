const HIDDEN = '[hidden]'

const SECRET_NAME =
  /api[_-]?key|secret|token|passw(?:or)?d|passphrase|credential|private[_-]?key|access[_-]?key/i
/** Names and tokens; each is looked at once, whatever it consists of. */
const WORDS = /[\w.-]+/g
const QUOTED = String.raw`"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'`
const VALUE_AFTER_EQUALS = new RegExp(String.raw`(["']?\s*=\s*)(?:${QUOTED}|\[hidden\]|[^\s,;&}\]]+)`, 'y')
const VALUE_AFTER_COLON = new RegExp(String.raw`(["']?\s*:\s*)(?:${QUOTED})`, 'y')

const hideMatches =
  (pattern: RegExp, replacement: string): Rule =>
  (text) =>
    text.replace(pattern, replacement)

/**
 * Hides a pod's environment, as JSON or as Node prints objects, to the end of the text, because values may contain
 * anything.
 */
function hideEnvironment(text: string): string {
  const found = /["']?\benv(?:ironment)?["']?\s*[:=]\s*[{[]/i.exec(text)
  return found === null ? text : text.slice(0, found.index + found[0].length - 1) + HIDDEN
}

/** Hides what is assigned to names that sound like a secret. */
const hideAssigned =
  (value: RegExp): Rule =>
  (text) => {
    let clean = ''
    let from = 0
    for (const { 0: name, index } of text.matchAll(WORDS)) {
      if (index < from || !SECRET_NAME.test(name)) continue
      value.lastIndex = index + name.length
      const assigned = value.exec(text)
      if (assigned === null) continue
      clean += `${text.slice(from, index)}${name}${assigned[1] ?? ''}${HIDDEN}`
      from = value.lastIndex
    }
    return clean + text.slice(from)
  }

const JSON_WEB_TOKEN_HEAD = /\beyJ[\w-]{8}/

/** Hides three parts with dots between them, the first of which begins like one of a JSON Web Token. */
function hideWebTokens(text: string): string {
  return text.replace(WORDS, (word) => {
    const parts = word.split('.')
    const clean: string[] = []
    for (let index = 0; index < parts.length; index++) {
      const part = parts[index] ?? ''
      const at = index + 2 < parts.length && parts[index + 1] !== '' ? part.search(JSON_WEB_TOKEN_HEAD) : -1
      clean.push(at < 0 ? part : part.slice(0, at) + HIDDEN)
      if (at >= 0) index += 2
    }
    return clean.join('.')
  })
}

/** Takes time in proportion to the length of any text, since pods and pages choose it. */
type Rule = (text: string) => string

/*
 * The order matters. Each rule prefers to hide too much, because leaking a key is worse than losing a detail
 * in a log line.
 */
const RULES: readonly Rule[] = [
  hideMatches(/-----BEGIN [A-Z0-9 ]+-----[\s\S]*?(?:-----END [A-Z0-9 ]+-----|$)/g, HIDDEN),
  hideEnvironment,
  hideMatches(/((?:proxy-)?authorization["']?\s*[:=,]\s*)[^\r\n]*/gi, `$1${HIDDEN}`),
  hideMatches(/((?:set-)?cookie["']?\s*[:=,]\s*)[^\r\n]*/gi, `$1${HIDDEN}`),
  hideMatches(/\b(bearer|basic)(\s+)["']?[^\s"',;]{4,}/gi, `$1$2${HIDDEN}`),
  hideMatches(/(?<=\b[a-z][a-z0-9+.-]*:\/\/)[^\s/?#"'<>]*@/gi, `${HIDDEN}@`),
  hideMatches(
    /([?&;](?:api[_-]?key|key|token|access[_-]token|secret|password|signature|sig)=)[^&#\s"'<>]*/gi,
    `$1${HIDDEN}`,
  ),
  hideAssigned(VALUE_AFTER_EQUALS),
  hideAssigned(VALUE_AFTER_COLON),
  hideMatches(
    /\b(rpa|rps|hfy_key|hk_live|hbf_st|sk|ghp|gho|ghs|ghu|github_pat|glpat|hf|xox[abpr])([_-])[\w-]{6,}/g,
    `$1$2${HIDDEN}`,
  ),
  hideMatches(/\bAKIA[A-Z0-9]{12,}/g, HIDDEN),
  hideWebTokens,
]

/** The shortest texts that a rule hides are like `env={` and `?key=`. A log may have very many lines of less. */
const MIN_HIDDEN_CHARS = 5

/**
 * Removes everything that looks like a secret, and every string in `secrets`. The result is on one line: line
 * breaks, control and bidirectional characters are escaped, such as `\n` or `\x1b`. Takes time in proportion to the
 * text's length.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  let clean = text
  for (const secret of secrets) if (secret !== '') clean = clean.split(secret).join(HIDDEN)
  if (clean.length >= MIN_HIDDEN_CHARS) for (const hide of RULES) clean = hide(clean)
  return clean.replace(CONTROL, escapeCharacter)
}

/** References to secrets of the account, whose values only the service knows. */
const SECRET_REFERENCE = /\{\{\s*RUNPOD_SECRET_[^\s{}]+\s*\}\}/
/** What switches something on or off says nothing, whatever its name. */
const SWITCH_WORD = /^(?:true|false|yes|no|on|off|none|null|0|1)?$/i
const COUNT_NAME = /tokens/i
const PATH_NAME = /(?:path|file|dir|credentials)$/i

/**
 * Whether a variable holds what looks like a secret in clear: by its name, as in logs, or by its value. A reference to a
 * secret of the account is none, nor is a switch, a number of tokens or the path of a file.
 */
export function holdsSecretInClear(name: string, value: string): boolean {
  const text = value.trim()
  if (SECRET_REFERENCE.test(text) || SWITCH_WORD.test(text)) return false
  if (COUNT_NAME.test(name) && /^\d+$/.test(text)) return false
  if (PATH_NAME.test(name) && /^[~.]*\/[\w./-]*$/.test(text)) return false
  return SECRET_NAME.test(name) || RULES.some((hide) => hide(text) !== text)
}

const CONTROL = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]/gu

const NAMED_ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function escapeCharacter(character: string): string {
  const code = character.charCodeAt(0)
  return NAMED_ESCAPES[character] ?? (code < 256 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`)
}

const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, '0')
