/** Where an interpolation stands in a template: among text, between attributes, or in a quoted attribute. */
export type Hole = 'text' | 'tag' | 'attribute' | 'address'

const ADDRESSES = new Set(['href', 'src', 'action', 'formaction', 'poster', 'xlink:href'])
const PROGRAMS = /^(?:on.*|style|srcdoc)$/i

type Place =
  | { readonly in: 'text' }
  | { readonly in: 'tag'; readonly tag: string }
  | {
      readonly in: 'attribute'
      readonly tag: string
      readonly quote: string
      readonly name: string
      readonly starts: number
    }
  | { readonly in: 'code'; readonly tag: string }
  | { readonly in: 'comment' }

/**
 * Looks at the constant parts of a template and tells where each interpolation stands, one fewer than there are parts.
 * Throws RangeError for the places where escaping cannot help: scripts, styles, comments, `on…`, `style` and `srcdoc`
 * attributes, attributes without quotes, tag names, and addresses that begin with an interpolation and go on after it.
 */
export function findHoles(parts: readonly string[]): Hole[] {
  const holes: Hole[] = []
  let place: Place = { in: 'text' }
  parts.forEach((part, index) => {
    place = walk(part, place)
    if (index < parts.length - 1) holes.push(holeAt(place, part, parts[index + 1]))
    // What is written in front of a hole is behind us in the next part, and an attribute no longer at its start.
    if (place.in === 'attribute') place = { ...place, starts: Number.NEGATIVE_INFINITY }
  })
  return holes
}

function holeAt(place: Place, before: string, after: string): Hole {
  if (place.in === 'code') throw refusal(before, `inside <${place.tag}>`)
  if (place.in === 'comment') throw refusal(before, 'inside a comment')
  if (place.in === 'text') {
    if (/<\/?$/.test(before)) throw refusal(before, 'as the name of a tag')
    return 'text'
  }
  if (place.in === 'tag') {
    if (/=\s*$/.test(before)) throw refusal(before, 'in an attribute without quotes')
    return 'tag'
  }
  if (PROGRAMS.test(place.name)) throw refusal(before, `in the attribute ${place.name}`)
  if (!ADDRESSES.has(place.name.toLowerCase()) || place.starts !== before.length) return 'attribute'
  if (!after.startsWith(place.quote))
    throw refusal(before, `at the start of a longer ${place.name} (make it one value)`)
  return 'address'
}

/** Reads one constant part of a template, from the place where the last one ended to where this one does. */
function walk(part: string, from: Place): Place {
  let place = from
  let at = 0
  while (at < part.length) {
    const rest = part.slice(at)
    const [length, next] = step(rest, place, at)
    at += length
    place = next
  }
  return place
}

/** The next turn of the text: how many characters belong to this place, and the place behind them. */
function step(rest: string, place: Place, at: number): [number, Place] {
  switch (place.in) {
    case 'text': {
      const open = /<!--|<\/?([a-z][^\s/>]*)/i.exec(rest)
      if (!open) return [rest.length, place]
      const length = open.index + open[0].length
      return [length, open[1] === undefined ? { in: 'comment' } : { in: 'tag', tag: open[0].slice(1).toLowerCase() }]
    }
    case 'tag': {
      const turn = />|([^\s"'<>/=]*)\s*=\s*(["'])/.exec(rest)
      if (!turn) return [rest.length, place]
      const length = turn.index + turn[0].length
      if (turn[0] !== '>')
        return [length, { in: 'attribute', tag: place.tag, quote: turn[2], name: turn[1], starts: at + length }]
      return [length, place.tag === 'script' || place.tag === 'style' ? { in: 'code', tag: place.tag } : { in: 'text' }]
    }
    case 'attribute': {
      const end = rest.indexOf(place.quote)
      return end < 0 ? [rest.length, place] : [end + 1, { in: 'tag', tag: place.tag }]
    }
    case 'code': {
      const end = rest.toLowerCase().indexOf(`</${place.tag}`)
      return end < 0 ? [rest.length, place] : [end + 2 + place.tag.length, { in: 'tag', tag: `/${place.tag}` }]
    }
    case 'comment': {
      const end = rest.indexOf('-->')
      return end < 0 ? [rest.length, place] : [end + 3, { in: 'text' }]
    }
  }
}

function refusal(before: string, where: string): RangeError {
  return new RangeError(`Nothing can be interpolated ${where}: …${before.slice(-40)}\${`)
}
