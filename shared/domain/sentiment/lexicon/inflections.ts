/**
 * The forms of verbs given by their stems, in one text: `climb` is regular; `drop*` doubles its last letter; `rise/rose/risen` names its
 * past forms. British and American regular forms: stem, -s, -ed, -ing.
 */
export function verbForms(stems: string): string[] {
  return wordsOf(stems).flatMap((entry) => {
    const [marked, ...irregular] = entry.split('/')
    const doubles = marked.endsWith('*')
    const stem = doubles ? marked.slice(0, -1) : marked
    const joint = doubles ? stem + stem.at(-1) : stem
    return [stem, thirdPerson(stem), present(joint), ...(irregular.length > 0 ? irregular : [past(joint)])]
  })
}

/** Nouns in singular and plural; `loss` makes `losses`. */
export function nounForms(stems: string): string[] {
  return wordsOf(stems).flatMap((stem) => [stem, thirdPerson(stem)])
}

/** Words as they stand, divided by white space. */
export function wordsOf(text: string): string[] {
  return text.trim().split(/\s+/)
}

function thirdPerson(stem: string): string {
  if (/(?:s|x|z|ch|sh)$/.test(stem)) return `${stem}es`
  return /[^aeiou]y$/.test(stem) ? `${stem.slice(0, -1)}ies` : `${stem}s`
}

function past(stem: string): string {
  if (stem.endsWith('e')) return `${stem}d`
  return /[^aeiou]y$/.test(stem) ? `${stem.slice(0, -1)}ied` : `${stem}ed`
}

function present(stem: string): string {
  if (stem.endsWith('ie')) return `${stem.slice(0, -2)}ying`
  return /[^eoy]e$/.test(stem) ? `${stem.slice(0, -1)}ing` : `${stem}ing`
}
