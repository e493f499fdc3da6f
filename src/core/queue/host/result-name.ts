import { fail, ok, type Result } from '../../base/result'

const MAX_PARTS = 32
const MAX_PART_CHARS = 200
/** Names that Windows gives to devices, with any ending. */
const devices = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i

/**
 * The folders and the file that a hostile name means below a chosen folder; an error, as a sentence, where it
 * could mean anything else on Linux, macOS or Windows. See docs/product-rules.md#15-queue-of-experiments.
 */
export function parseResultName(name: string): Result<readonly string[], string> {
  const parts = name.split('/')
  const isSafe = parts.length <= MAX_PARTS && parts.every(isSafePart)
  return isSafe ? ok(parts) : fail("The file's name can't be used on this computer.")
}

function isSafePart(part: string): boolean {
  return (
    part !== '' &&
    part.length <= MAX_PART_CHARS &&
    // Control and format characters, and lone surrogates, also hide what a name is.
    !/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}<>:"\\|?*]/u.test(part) &&
    // Windows drops dots and spaces at the end, so that this also covers "." and "..".
    !/[. ]$/.test(part) &&
    !part.startsWith(' ') &&
    !devices.test(part)
  )
}
