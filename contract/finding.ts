/** A difference from the document. */
export interface Finding {
  /** "GET /v2/pods", using the document's path. */
  readonly operation: string
  /** The location, such as "request query limit" or "reply 200 /pods/[]/cost". */
  readonly subject: string
  readonly problem: string
}

/** Known findings and why they are accepted. In `operation` and `subject`, `*` matches anything. */
export interface Gap {
  readonly operation: string
  readonly subject: string
  /** When it was found. */
  readonly since: string
  readonly reason: string
}

export function isCovered(finding: Finding, gap: Gap): boolean {
  return matches(finding.operation, gap.operation) && matches(finding.subject, gap.subject)
}

function matches(text: string, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`))
  return new RegExp(`^${parts.join('.*')}$`).test(text)
}

/** Removes duplicate findings and keeps their order. */
export function unique(findings: readonly Finding[]): readonly Finding[] {
  return [...new Map(findings.map((each) => [JSON.stringify(each), each])).values()]
}
