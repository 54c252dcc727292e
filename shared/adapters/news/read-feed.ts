import { XMLParser } from 'fast-xml-parser'
import type { Instant } from '../../domain/market/session.ts'
import { cleanPublisher, cleanTitle, webAddress } from './clean-text.ts'
import { RefusedBySource } from './each-instrument.ts'
import { feedTime } from './feed-time.ts'

/** One item of a feed. */
export interface FeedItem {
  /** What the feed calls it, else its address. */
  readonly id: string
  readonly title: string
  readonly publisher: string
  readonly url: string
  readonly publishedAt: Instant
}

const MOST_ITEMS = 200
const TEXT = '#text'
const ATTRIBUTES = '@'

type Node = Readonly<Record<string, unknown>>

/** Nothing is expanded or guessed: entities stay as they are written until the text is cleaned, and numbers are text. */
const parser = new XMLParser({
  ...{ ignoreAttributes: false, attributesGroupName: ATTRIBUTES, attributeNamePrefix: '', textNodeName: TEXT },
  ...{ processEntities: false, htmlEntities: false, parseTagValue: false, parseAttributeValue: false },
  ...{ removeNSPrefix: true, maxNestedTags: 50, ignoreDeclaration: true, ignorePiTags: true },
})

/**
 * Reads RSS 0.9x to 2.0, RSS 1.0 (RDF) or Atom. Items without title, web address or readable time are left out; at most 200 are read.
 * @throws RefusedBySource when the bytes are no such feed, or declare a document type: a feed needs none, and entities hide in it.
 */
export function readFeed(bytes: Uint8Array): FeedItem[] {
  const text = new TextDecoder(encodingOf(bytes)).decode(bytes)
  if (/<!DOCTYPE/i.test(text))
    throw new RefusedBySource('The feed declares a document type, expected plain RSS or Atom')
  const root = parsedXml(text)
  const { feed } = root
  const rdf = asNode(root.RDF)
  const channel = asNode(asNode(root.rss)?.channel) ?? asNode(rdf?.channel)
  if (feed === undefined && !channel) throw new RefusedBySource('It is not a feed, expected RSS or Atom')
  const entries = feed === undefined ? [channel?.item, rdf?.item] : [asNode(feed)?.entry]
  const publisher = textOf((asNode(feed) ?? channel)?.title)
  return entries
    .flat()
    .map(asNode)
    .filter((item) => item !== undefined)
    .slice(0, MOST_ITEMS)
    .flatMap((item) => feedItem(item, publisher))
}

function feedItem(item: Node, feedTitle: string): FeedItem[] {
  const title = cleanTitle(textOf(item.title))
  const url = webAddress(linkOf(item.link).replaceAll('&amp;', '&'))
  const publishedAt = feedTime(textOf(item.pubDate ?? item.published ?? item.date ?? item.updated))
  if (title === '' || !url || publishedAt === undefined) return []
  const source = asNode(item.source)
  const publisher = cleanPublisher(textOf(source?.title ?? item.source) || feedTitle)
  return [{ id: textOf(item.guid ?? item.id) || url, title, publisher, url, publishedAt }]
}

/** RSS writes the address as text, Atom in attributes, where one link of several is the article. */
function linkOf(link: unknown): string {
  const links = [link].flat()
  const attributes = links.map((one) => asNode(asNode(one)?.[ATTRIBUTES]))
  const article = attributes.find((one) => one?.href !== undefined && (one.rel ?? 'alternate') === 'alternate')
  return article ? String(article.href) : textOf(links.find((one) => textOf(one) !== ''))
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return textOf(value[0])
  const text = asNode(value)?.[TEXT]
  return typeof text === 'string' ? text : ''
}

function asNode(value: unknown): Node | undefined {
  if (typeof value === 'string') return { [TEXT]: value }
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
}

function parsedXml(text: string): Node {
  try {
    return asNode(parser.parse(text)) ?? {}
  } catch (cause) {
    throw new RefusedBySource(`The feed cannot be read: ${(cause as Error).message}`, { cause })
  }
}

/** UTF-8, unless the declaration says one of the two others that feeds still have. */
function encodingOf(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.subarray(0, 200)).toString('latin1')
  const [, named = ''] = /^\s*<\?xml[^>]*\bencoding=["']([\w-]+)["']/.exec(head) ?? []
  return /^(?:iso-8859-1|windows-1252)$/i.test(named) ? 'windows-1252' : 'utf-8'
}
