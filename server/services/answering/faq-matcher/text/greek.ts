/*
 * Greek and Greeklish (Greek typed with Latin letters) are brought to one phonetic skeleton, so that
 * "πληρωμή", "ΠΛΗΡΩΜΗ", "plirwmi" and "plhrwmh" meet. Everything here takes folded words (see normalise.ts).
 */
const GREEK_LETTER = /[\u0370-\u03ff]/
const GREEK_DIGRAPHS: [RegExp, string][] = [
  [/ου/g, 'u'], [/αι/g, 'e'], [/ει|οι|υι/g, 'i'], [/αυ/g, 'av'], [/ευ/g, 'ev'],
  [/μπ/g, 'v'], [/ντ/g, 'd'], [/γκ|γγ/g, 'g'],
]
const GREEK_LETTERS: Record<string, string> = {
  α: 'a', β: 'v', γ: 'g', δ: 'd', ε: 'e', ζ: 'z', η: 'i', θ: 't', ι: 'i', κ: 'k', λ: 'l', μ: 'm', ν: 'n', ξ: 'h', ο: 'o',
  π: 'p', ρ: 'r', σ: 's', τ: 't', υ: 'i', φ: 'f', χ: 'h', ψ: 'ps', ω: 'o',
}
const LATIN_RULES: [RegExp, string][] = [
  [/^th([sn])$/, 'ti$1'], [/ou/g, 'u'], [/ai/g, 'e'], [/ei|oi|yi/g, 'i'], [/([ae])u/g, '$1v'],
  [/th|[89]/g, 't'], [/mp|b/g, 'v'], [/nt/g, 'd'], [/g[gk]|ng/g, 'g'], [/ks|ch|kh|[xj3]/g, 'χ'], [/ph/g, 'f'], [/4/g, 'ps'],
  [/w/g, 'o'], [/h(?=[aeoiu])/g, 'χ'], [/h|y/g, 'i'], [/[cq]/g, 'k'], [/χ/g, 'h'],
]

export function hasGreek(text: string): boolean {
  return GREEK_LETTER.test(text)
}

/** Phonetic skeleton of one folded word, in Latin letters. */
export function skeleton(word: string): string {
  let out = word
  if (hasGreek(word)) {
    for (const [pattern, latin] of GREEK_DIGRAPHS) out = out.replace(pattern, latin)
    out = Array.from(out, letter => GREEK_LETTERS[letter] ?? letter).join('')
  }
  else {
    for (const [pattern, latin] of LATIN_RULES) out = out.replace(pattern, latin)
  }
  return out.replace(/([ae])f/g, '$1v').replace(/ii+/g, 'i').replace(/(.)\1+/g, '$1')
}

const ENDINGS = [
  'isusate', 'ontusan', 'omastan', 'omaste', 'isume', 'usame', 'isete', 'usate', 'ondas', 'ontas', 'ontan', 'omun', 'osun', 'otan',
  'isate', 'ume', 'ete', 'ate', 'ite', 'ame', 'ane', 'ede', 'ode', 'ome', 'ese', 'ete', 'une', 'usan', 'isan', 'isa', 'ise', 'isi', 'iso',
  'un', 'an', 'as', 'es', 'is', 'os', 'us', 'on', 'in', 'is', 'iu', 'io', 'ia', 'ias', 'ies', 'ion', 'iun', 'ius', 'iis', 'a', 'e', 'i', 'o', 'u',
].sort((a, b) => b.length - a.length)
const THEME = /(?<=.{4})(?:on|os|ot|iz|is|it|ev|evs|evt|efs|eft|ef|af|ist|ost|om|im|ik|mat)$/

/** Crude stem of a skeleton: the inflected ending off, then the verb's or noun's theme. */
export function skeletonStem(skeletonWord: string): string {
  let out = skeletonWord
  if (out.length > 3) {
    const ending = ENDINGS.find(end => out.length - end.length >= 2 && out.endsWith(end))
    if (ending) out = out.slice(0, -ending.length)
  }
  return out.replace(THEME, '')
}

/** Index term of a Greek or Greeklish word; the prefix keeps it apart from English stems. */
export function greekTerm(word: string): string {
  return 'γ' + skeletonStem(skeleton(word))
}
