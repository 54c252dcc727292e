import type { z } from 'zod'

/** What does not fit a schema, in a line: `from: Invalid ISO date; symbols: Too small`. `whole` names the value itself. */
export function issuesOf(error: z.ZodError, whole: string): string {
  return error.issues.map((issue) => `${issue.path.join('.') || whole}: ${issue.message}`).join('; ')
}
