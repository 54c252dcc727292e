/**
 * How far a zone's clocks are ahead of UTC at an instant, in ms, as a function of the instant (UTC ms). Summer time and past changes are the
 * platform's knowledge. Throws `RangeError` when there is no such zone.
 */
export function zoneOffset(zone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  return (at) => {
    const part: Record<string, number> = {}
    for (const { type, value } of format.formatToParts(at)) part[type] = Number(value)
    const wall = Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second)
    return wall - Math.floor(at / 1000) * 1000
  }
}
