/**
 * JSON in which a terminal reads no control character: `JSON.stringify` escapes those below U+0020, and this the rest
 * (DEL and C1), which stand in strings only. The values stay the same.
 */
export const escapeControls = (json: string): string =>
  json.replace(/[\u007f-\u009f]/g, (control) => `\\u00${control.charCodeAt(0).toString(16)}`)
