/*
 * What a page may load and run: its own files, nothing else. It is sent with every page and, by the build,
 * written into it as well, so that neither way alone can be lost unnoticed.
 */
const DIRECTIVES: readonly (readonly [name: string, value: string])[] = [
  ['default-src', "'none'"],
  ['script-src', "'self'"],
  ['style-src', "'self'"],
  ['style-src-attr', "'none'"],
  ['font-src', "'self'"],
  ['img-src', "'self'"],
  // Windows speak to the app over the bridge, and to nobody else.
  ['connect-src', "'none'"],
  ['frame-src', "'none'"],
  ['worker-src', "'none'"],
  ['object-src', "'none'"],
  ['base-uri', "'none'"],
  ['form-action', "'none'"],
  ['require-trusted-types-for', "'script'"],
  // No policy may be made either: nothing here turns text into markup or code.
  ['trusted-types', "'none'"],
  ['frame-ancestors', "'none'"],
]

/** A browser ignores it in a page and says so on the console. */
const HEADER_ONLY = ['frame-ancestors']

const joinDirectives = (directives: typeof DIRECTIVES): string =>
  directives.map((parts) => parts.join(' ')).join('; ')

/** As the header of a response. */
export const headerPolicy = joinDirectives(DIRECTIVES)

/** As the meta element of a page. */
export const pagePolicy = joinDirectives(DIRECTIVES.filter(([name]) => !HEADER_ONLY.includes(name)))
