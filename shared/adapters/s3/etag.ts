import { strangeAnswer } from './failure.ts'

/** An ETag as the store's callers see it: without the quotes that some servers, and some answers of one server, leave out. */
export function etagOf(header: string | undefined): string {
  const etag = header?.replace(/^(?:W\/)?"(.*)"$/, '$1')
  if (!etag) throw strangeAnswer('the answer has no ETag')
  return etag
}
