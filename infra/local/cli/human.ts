export { durationText as duration } from '../../../shared/domain/market/duration-text.ts'

/** A size as people say it, in powers of 1000. */
export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let size = count
  let unit = 0
  while (size >= 1_000 && unit < units.length - 1) {
    size /= 1_000
    unit++
  }
  return unit === 0 ? `${size} B` : `${size.toFixed(size < 10 ? 1 : 0)} ${units[unit]}`
}

/** An instant to the second: `2026-11-20 21:00:05`. */
export function moment(iso: string): string {
  return iso.slice(0, 19).replace('T', ' ')
}
