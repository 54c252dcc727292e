/** Whether an error (or anything) carries these fields, as pg's errors carry `code` and `constraint`. */
export function isRecordOf(value: unknown, fields: Readonly<Record<string, string>>): boolean {
  if (typeof value !== 'object' || value === null) return false
  const record = value as Record<string, unknown>
  return Object.entries(fields).every(([name, expected]) => record[name] === expected)
}
