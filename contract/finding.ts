/** Something that is not as the document has it. */
export interface Finding {
  /** "GET /v2/pods", by the document's own path. */
  readonly operation: string
  /** What of it: "request query limit", "reply 200 /pods/[]/cost". */
  readonly subject: string
  readonly problem: string
}

/** Findings that are known, and why they stand. In `operation` and `subject`, `*` stands for anything. */
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

/** Each finding once, in the order of their coming. */
export function unique(findings: readonly Finding[]): readonly Finding[] {
  return [...new Map(findings.map((each) => [JSON.stringify(each), each])).values()]
}
